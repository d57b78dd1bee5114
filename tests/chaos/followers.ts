import { setTimeout as delay } from 'node:timers/promises';
import type { ShownCounts } from '@rollcall/checkers';
import { createClient } from '@rollcall/client';
import { parseRoleId, type EventId } from '@rollcall/domain';
import type { Rollcall } from '../support/rollcall.ts';

/** Who follows the counts of an event, one at each API, and comes back whenever the connection is lost. */
export interface Followers extends AsyncDisposable {
  /** What each was shown last. */
  readonly shown: readonly ShownCounts[];
  /** Until all are shown this version. @returns whether they were, within so many ms */
  untilAt(version: number, withinMs: number): Promise<boolean>;
}

/** A connection that says nothing for so long is given up, in ms: a frozen API may come back as a dead one. */
const silenceMsMax = 20_000;

export function follow({ urls }: Rollcall, eventId: EventId): Followers {
  const over = new AbortController();
  const shown = urls.map((url): ShownCounts => ({ by: `the stream of ${url}`, version: 0, roles: new Map() }));
  const following = urls.map(async (url, index) => {
    for await (const found of createClient({ url }).followCounts(eventId, { signal: over.signal, silenceMsMax })) {
      if (found.kind === 'refused') throw new Error(`${url} refuses to be followed: ${JSON.stringify(found.problem)}`);
      const { version, roles } = found.value;
      const byRole = roles.map(({ roleId, ...counts }) => {
        const id = parseRoleId(roleId);
        if (id === undefined) throw new Error(`${roleId} is shown, which is no role`);
        return [id, counts] as const;
      });
      shown[index] = { by: `the stream of ${url}`, version, roles: new Map(byRole) };
    }
  });
  const all = Promise.all(following);
  // Whoever ends it hears of it.
  all.catch(() => undefined);
  return {
    shown,
    async untilAt(version, withinMs) {
      const isThere = () => shown.every((counts) => counts.version === version);
      for (const until = Date.now() + withinMs; !isThere() && Date.now() < until;) await delay(50);
      return isThere();
    },
    async [Symbol.asyncDispose]() {
      over.abort();
      await all;
    },
  };
}
