/** For people: 1,234. */
export const count = (n: number): string => n.toLocaleString('en');
export const several = (n: number, what: string): string => `${count(n)} ${what}${n === 1 ? '' : 's'}`;

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
