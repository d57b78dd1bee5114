import { readFileSync } from 'node:fs';
import type { RedisClient } from './client.ts';

const source = (name: string) => readFileSync(new URL(`lua/${name}.lua`, import.meta.url), 'utf8');

/** Named to the client, which must know it from others. */
export const appendCommand = 'rollcallAppend';

type Arguments = readonly (string | number)[];

/** The mailbox's scripts; what they take and return stands in the .lua files. */
export interface MailboxScripts {
  append(keyCount: number, ...keysAndArguments: Arguments): Promise<unknown>;
  done(...keysAndArguments: Arguments): Promise<unknown>;
  check(...keysAndArguments: Arguments): Promise<unknown>;
  bury(...keysAndArguments: Arguments): Promise<unknown>;
}

interface WithScripts {
  [appendCommand]: MailboxScripts['append'];
  rollcallDone: MailboxScripts['done'];
  rollcallCheck: MailboxScripts['check'];
  rollcallBury: MailboxScripts['bury'];
}

/** Registers the scripts on a client, which sends their hash and, once per server, their text. */
export function defineScripts(redis: RedisClient): MailboxScripts {
  // As many keys as its caller says first.
  redis.defineCommand(appendCommand, { lua: source('append') });
  redis.defineCommand('rollcallDone', { numberOfKeys: 2, lua: source('done') });
  redis.defineCommand('rollcallCheck', { numberOfKeys: 2, lua: source('check') });
  redis.defineCommand('rollcallBury', { numberOfKeys: 2, lua: source('bury') });
  // defineCommand adds methods that the client's type can't know.
  const client = redis as unknown as WithScripts;
  return {
    append: (...all) => client[appendCommand](...all),
    done: (...all) => client.rollcallDone(...all),
    check: (...all) => client.rollcallCheck(...all),
    bury: (...all) => client.rollcallBury(...all),
  };
}
