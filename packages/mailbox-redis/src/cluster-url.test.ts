import { expect, it } from 'vitest';
import { parseClusterUrl } from './cluster-url.ts';

it('names some of the masters, and who connects', () => {
  expect(parseClusterUrl('redis-cluster://one:7000,two,[::1]:7001/')).toEqual({
    nodes: [
      { host: 'one', port: 7000 },
      { host: 'two', port: 6379 },
      { host: '::1', port: 7001 },
    ],
    login: {},
  });
  expect(parseClusterUrl('redis-cluster://rollcall:p%40ss@one:7000,two:7001')).toEqual({
    nodes: [
      { host: 'one', port: 7000 },
      { host: 'two', port: 7001 },
    ],
    login: { username: 'rollcall', password: 'p@ss' },
  });
});

it('is left to others when it is of one server', () => {
  expect(parseClusterUrl('redis://one:7000')).toBeUndefined();
  expect(parseClusterUrl('rediss://one:7000')).toBeUndefined();
});

it.each(['redis-cluster://', 'redis-cluster://one,,two', 'redis-cluster://one:port', 'redis-cluster://u:secret@one/3'])(
  'is refused without telling its password: %s',
  (url) => {
    expect(() => parseClusterUrl(url)).toThrow("a cluster's URL is redis-cluster://");
    expect(() => parseClusterUrl(url)).not.toThrow('secret');
  },
);
