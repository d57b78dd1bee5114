/** A piece is about as large as what a socket takes at once: a row alone would cost more than what is in it. */
const pieceLengthMin = 16_384;

/** The same text in larger parts. */
export async function* inPieces(rows: AsyncIterable<string>): AsyncGenerator<string, void, undefined> {
  let piece = '';
  for await (const row of rows) {
    piece += row;
    if (piece.length < pieceLengthMin) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}
