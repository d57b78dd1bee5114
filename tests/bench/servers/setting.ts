/** The environment variable in which a server of the bench finds its setting, as JSON. */
export const settingVariable = 'BENCH_SETTING';

/** @throws Error when the setting does not say. */
export function settingOf(name: string): number {
  const setting: unknown = JSON.parse(process.env[settingVariable] ?? '{}');
  const value = (setting as Readonly<Record<string, unknown>>)[name];
  if (typeof value !== 'number') throw new Error(`the setting says nothing of ${name}`);
  return value;
}
