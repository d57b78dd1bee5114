/** JSON documents, one per line, as they come. @throws Error when they are cut short */
export async function* documentsOf<Line>(
  bytes: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<Line, void, undefined> {
  let rest = '';
  for await (const piece of bytes.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield JSON.parse(line) as Line;
  }
  if (rest !== '') throw new Error('the answer was cut short');
}
