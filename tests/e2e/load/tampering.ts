import { once } from 'node:events';
import { createServer, request as ask, type IncomingHttpHeaders } from 'node:http';

/** Stands before an API, and changes what it answers. */
export interface Tampering extends AsyncDisposable {
  readonly url: string;
  /** How many answers it has changed. */
  readonly changed: number;
}

/** @param change the body of an answer to a request with this method and path as somebody is to be told it; undefined: as it is */
export async function tamperWith(
  target: string,
  change: (method: string, path: string, body: string) => string | undefined,
): Promise<Tampering> {
  let changed = 0;
  const { hostname, port } = new URL(target);
  const server = createServer((request, response) => {
    const { method = 'GET', url = '/', headers } = request;
    const onward = ask({ hostname, port, method, path: url, headers }, (answer) => {
      const pieces: Buffer[] = [];
      answer.on('data', (piece: Buffer) => pieces.push(piece));
      answer.on('end', () => {
        const told = Buffer.concat(pieces).toString();
        const instead = change(method, url, told);
        if (instead !== undefined) changed += 1;
        response.writeHead(answer.statusCode ?? 502, withoutLength(answer.headers));
        response.end(instead ?? told);
      });
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a server without a port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    get changed() {
      return changed;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The length of the body may be another one. */
function withoutLength({ 'content-length': _length, ...headers }: IncomingHttpHeaders): IncomingHttpHeaders {
  return headers;
}
