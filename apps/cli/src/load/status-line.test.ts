import { expect, it } from 'vitest';
import { createStatusLine } from './status-line.ts';

function written(terminal: { readonly isTTY?: boolean; readonly columns?: number }): string {
  let text = '';
  const line = createStatusLine({ ...terminal, write: (piece: string) => (text += piece) });
  line.show('one second');
  line.show('two seconds');
  line.clear();
  return text;
}

it('writes over what it has written on a terminal, and never a second line', () => {
  expect(written({ isTTY: true, columns: 8 })).toBe('\r\u001B[Kone sec\r\u001B[Ktwo sec\r\u001B[K');
});

it('writes lines where nobody looks on', () => {
  expect(written({})).toBe('one second\ntwo seconds\n');
});
