/** What somebody gave an option. @throws Error for what is no such number */
export function whole(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new Error(`--${name}: it must be a whole number from 1 on`);
  return value;
}
