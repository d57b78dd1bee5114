import { readdirSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import type { ManagedServer } from '@rollcall/infra';

/** The file that a Redis appends to now. It is another one after each rewrite. */
export function appendedFile(redisDir: string): string {
  const folder = join(redisDir, 'appendonlydir');
  const numberOf = (name: string) => Number(/\.(\d+)\.incr\.aof$/.exec(name)?.[1] ?? 0);
  const newest = readdirSync(folder).toSorted((a, b) => numberOf(b) - numberOf(a))[0] ?? '';
  if (numberOf(newest) === 0) throw new Error(`nothing is appended to in ${folder}`);
  return join(folder, newest);
}

/**
 * Kills a Redis, and takes away what it has written to its file beyond that size, as if the machine had lost its power before that was
 * on the disk: after `kill -9` alone the kernel still has it. @returns how many bytes are gone
 */
export async function killAndDropTail(redis: ManagedServer, file: string, keptBytes: number): Promise<number> {
  await redis.kill();
  const dropped = statSync(file).size - keptBytes;
  truncateSync(file, keptBytes);
  return dropped;
}
