import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';

/** One answer over a real connection, and the client's side of it. */
export interface Answering {
  readonly raw: ServerResponse;
  readonly client: Socket;
  /** All that the client has read. */
  text(): string;
  close(): Promise<void>;
}

export async function answering(): Promise<Answering> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = connect(port, '127.0.0.1');
  client.on('error', () => undefined);
  client.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
  const [, raw] = (await once(server, 'request')) as [unknown, ServerResponse];
  let text = '';
  client.setEncoding('utf8').on('data', (piece: string) => (text += piece));
  return {
    raw,
    client,
    text: () => text,
    async close() {
      client.destroy();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
