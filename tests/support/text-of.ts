/** A value as text, with its maps as lists: to compare it, and to show it. */
export const textOf = (value: unknown): string =>
  JSON.stringify(value, (_key, member: unknown) => (member instanceof Map ? [...member] : member)) ?? 'undefined';
