/** What Redis remembers of an accepted command: its number in the mailbox's order, and the hash of its body. */
export interface Receipt {
  readonly number: number;
  readonly bodyHash: string;
}

export function parseReceipt(text: string): Receipt {
  const space = text.indexOf(' ');
  return { number: Number(text.slice(0, space)), bodyHash: text.slice(space + 1) };
}
