import { readFileSync } from 'node:fs';
import type { RedisClient } from './client.ts';

const source = (name: string) => readFileSync(new URL(`lua/${name}.lua`, import.meta.url), 'utf8');

const appendCommand = 'rollcallAppend';
const checkCommand = 'rollcallCheck';
/** Those that are told first how many keys they get; the client must know them from others. */
export const commandsOfManyKeys = [appendCommand, checkCommand];

type Arguments = readonly (string | number)[];

/** The mailbox's scripts; what they take and return stands in the .lua files. */
export interface MailboxScripts {
  append(keyCount: number, ...keysAndArguments: Arguments): Promise<unknown>;
  done(...keysAndArguments: Arguments): Promise<unknown>;
  check(keyCount: number, ...keysAndArguments: Arguments): Promise<unknown>;
  bury(...keysAndArguments: Arguments): Promise<unknown>;
}

interface WithScripts {
  [appendCommand]: MailboxScripts['append'];
  rollcallDone: MailboxScripts['done'];
  [checkCommand]: MailboxScripts['check'];
  rollcallBury: MailboxScripts['bury'];
}

/** Registers the scripts on a client, which sends their hash and, once per server, their text. */
export function defineScripts(redis: RedisClient): MailboxScripts {
  redis.defineCommand(appendCommand, { lua: source('append') });
  redis.defineCommand(checkCommand, { lua: source('check') });
  redis.defineCommand('rollcallDone', { numberOfKeys: 2, lua: source('done') });
  redis.defineCommand('rollcallBury', { numberOfKeys: 2, lua: source('bury') });
  // defineCommand adds methods that the client's type can't know.
  const client = redis as unknown as WithScripts;
  return {
    append: (...all) => client[appendCommand](...all),
    done: (...all) => client.rollcallDone(...all),
    check: (...all) => client[checkCommand](...all),
    bury: (...all) => client.rollcallBury(...all),
  };
}
