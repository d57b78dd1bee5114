import { vi } from 'vitest';

/** An event of a stream, as it came. */
export interface Heard {
  readonly id: string;
  readonly name: string;
  readonly data: Record<string, unknown>;
}

export interface Listening {
  readonly response: Response;
  readonly heard: readonly Heard[];
  /** All that came, also what is no event. */
  text(): string;
  /** Until an event is like this; whatever comes. */
  until(isIt: (heard: Heard) => boolean): Promise<Heard>;
  /** Until the server has ended the stream; fails when it was broken off. */
  readonly ended: Promise<void>;
  leave(): void;
}

const waitMsMax = 20_000;

/** Listens by hand, where a test has to see what a client of ours would hide. */
export async function listen(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Listening> {
  const abort = new AbortController();
  const response = await fetch(url, { headers, signal: abort.signal });
  const heard: Heard[] = [];
  let text = '';
  const reading = (async () => {
    let rest = '';
    for await (const piece of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += piece;
      const blocks = (rest + piece).split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) heard.push(...eventIn(block));
    }
  })();
  reading.catch(() => undefined);
  return {
    response,
    heard,
    text: () => text,
    until: (isIt) =>
      vi.waitFor(() => {
        const found = heard.find(isIt);
        if (found === undefined) throw new Error(`not heard; the last was ${JSON.stringify(heard.at(-1))}`);
        return found;
      }, waitMsMax),
    ended: reading,
    leave: () => abort.abort(),
  };
}

function eventIn(block: string): Heard[] {
  const fields = new Map(block.split('\n').map((line) => line.split(/: (.*)/s) as [string, string]));
  const [id, name, data] = [fields.get('id'), fields.get('event'), fields.get('data')];
  if (id === undefined || name === undefined || data === undefined) return [];
  return [{ id, name, data: JSON.parse(data) as Record<string, unknown> }];
}
