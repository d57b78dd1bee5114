import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import calculateSlot from 'cluster-key-slot';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RedisClient } from './client.ts';
import { connectRedis, untilReady } from './connect.ts';

const bulk = (text: string) => `$${text.length}\r\n${text}\r\n`;

interface Rude {
  readonly servers: readonly Server[];
  readonly ports: number[];
  /** What any of them was asked. */
  readonly heard: string[];
}

/** A key of the first of two masters. */
const key = 'place';

/** Two servers, and a cluster of two masters, the first of which closes the connection under each SET and never answers a GET. */
async function startRudeServers(): Promise<Rude> {
  const rude: Rude = { servers: [rudeServer(0, () => rude), rudeServer(1, () => rude)], ports: [], heard: [] };
  for (const server of rude.servers) {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    rude.ports.push((server.address() as AddressInfo).port);
  }
  return rude;
}

function rudeServer(own: number, rude: () => Rude): Server {
  return createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      for (const command of data.toString().split(/(?=\*\d+\r\n\$)/)) {
        const [name = '', argument] = command.split('\r\n').filter((_line, index) => index >= 2 && index % 2 === 0);
        switch (`${name} ${argument}`.toLowerCase()) {
          case `set ${key}`:
          case `get ${key}`:
            if (own > 0) {
              socket.write(`-MOVED ${calculateSlot(key)} 127.0.0.1:${rude().ports[0]}\r\n`);
              break;
            }
            rude().heard.push(name);
            if (name === 'get') break;
            socket.destroy();
            return;
          case 'cluster slots':
            socket.write(slots(rude().ports));
            break;
          case 'cluster info':
            socket.write(bulk('cluster_state:ok\r\n'));
            break;
          default:
            socket.write(name.toLowerCase() === 'info' ? bulk('redis_version:7.0.0\r\n') : '+OK\r\n');
        }
      }
    });
  });
}

/** Half of them each. */
function slots(ports: readonly number[]): string {
  const halves = ports.map((port, index) => {
    const [first, last] = [index * 8_192, index * 8_192 + 8_191];
    return `*3\r\n:${first}\r\n:${last}\r\n*2\r\n${bulk('127.0.0.1')}:${port}\r\n`;
  });
  return `*${halves.length}\r\n${halves.join('')}`;
}

describe.each(['redis', 'redis-cluster'])('a connection for commands by %s://', (scheme) => {
  let rude: Rude;
  let redis: RedisClient;
  beforeEach(async () => {
    rude = await startRudeServers();
    const url = `${scheme}://127.0.0.1:${rude.ports[0] ?? 0}`;
    redis = connectRedis({ url, use: 'commands', commandTimeoutMs: 300, onError: () => undefined });
    await untilReady(redis);
  });
  afterEach(() => {
    redis.disconnect();
    for (const server of rude.servers) server.close();
  });

  it('never sends a command twice that may have been done', async () => {
    await expect(redis.set(key, 'taken')).rejects.toThrow(/closed|max retries/);
    expect(rude.heard).toEqual(['set']);
  });

  it('fails when no answer comes in time', async () => {
    await expect(redis.get(key)).rejects.toThrow('Command timed out');
    expect(rude.heard).toEqual(['get']);
  });

  it('fails at once while there is nobody', async () => {
    for (const server of rude.servers) server.close();
    await expect(redis.set(key, 'taken')).rejects.toThrow(/closed|max retries/);
    await expect(redis.set(key, 'taken')).rejects.toThrow(/closed|max retries|writeable|MOVED/);
    expect(rude.heard).toEqual(['set']);
  });
});
