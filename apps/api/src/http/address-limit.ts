import type { onRequestHookHandler } from 'fastify';
import { LRUCache } from 'lru-cache';
import { tooManyRequests } from './problems.ts';
import { replyProblem } from './replies.ts';

const windowMs = 60_000;
/** Addresses that are remembered; those that were quiet longest make room. */
const addressesMax = 5_000;

/**
 * Limits what is asked without a token, by address and minute, of the route that it is put before, and tells everybody where
 * they stand. A plugin for this costs more than a whole answer from memory (a handful of promises for each request).
 */
export function addressLimit(countMax: number): onRequestHookHandler {
  const windows = new LRUCache<string, { count: number; readonly endsAt: number }>({ max: addressesMax });
  return (request, reply, done) => {
    if (request.identity !== undefined) return done();
    const network = networkOf(request.ip);
    const now = Date.now();
    let window = windows.get(network);
    if (window === undefined || now >= window.endsAt) {
      window = { count: 0, endsAt: now + windowMs };
      windows.set(network, window);
    }
    window.count += 1;
    const secondsLeft = String(Math.ceil((window.endsAt - now) / 1000));
    reply.header('x-ratelimit-limit', countMax);
    reply.header('x-ratelimit-remaining', Math.max(0, countMax - window.count));
    reply.header('x-ratelimit-reset', secondsLeft);
    if (window.count <= countMax) return done();
    reply.header('retry-after', secondsLeft);
    return void replyProblem(reply, tooManyRequests);
  };
}

/** Whom an address stands for: itself, or with IPv6 the network of 64 bits that one customer is given. */
export function networkOf(address: string): string {
  if (!address.includes(':')) return address;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  const [left = '', right] = address.toLowerCase().split('::');
  const groups = left === '' ? [] : left.split(':');
  const behind = right === undefined || right === '' ? 0 : right.split(':').length;
  // What `::` stands for may reach into the network's part.
  if (right !== undefined) {
    while (groups.length + behind < 8) groups.push('0');
    groups.push(...right.split(':'));
  }
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`;
}
