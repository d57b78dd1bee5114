import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { followSilentConnections } from './silent-connections.ts';

it('breaks off connections over which nothing was asked, and no others', async () => {
  const server = createServer();
  const breakOff = followSilentConnections(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const open = async () => {
    const connected = once(server, 'connection');
    const socket = connect(port, '127.0.0.1').on('error', () => undefined);
    await connected;
    return socket;
  };
  const [silent, asking] = [await open(), await open()];
  const requested = once(server, 'request');
  asking.write('GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
  const [, response] = (await requested) as [unknown, { end(text: string): void }];
  let text = '';
  asking.setEncoding('utf8').on('data', (piece: string) => (text += piece));
  const gone = once(silent, 'close');
  breakOff();
  await gone;
  const late = await open();
  if (!late.destroyed) await once(late, 'close');
  const closed = Promise.all([once(server, 'close'), once(asking, 'close')]);
  server.close();
  response.end('answered');
  await closed;
  expect(text).toContain('answered');
});
