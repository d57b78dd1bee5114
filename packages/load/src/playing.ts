import { parseRegistrationId } from '@rollcall/domain';
import type { Asking, Person, Wish } from './asking.ts';
import type { Book, Known } from './book.ts';
import type { Act } from './scenarios/scenario.ts';
import type { LoadEvent } from './staff.ts';

/** An event as people go to it: what is sent is written before the run. */
export interface Stage {
  readonly event: LoadEvent;
  readonly path: string;
  /** By role. */
  readonly signUpBodies: readonly string[];
  readonly book: Book;
}

export interface PlayingOptions {
  readonly asking: Asking;
  readonly stages: readonly Stage[];
  readonly people: readonly Person[];
  readonly staff: Person;
  /** With which all keys begin. */
  readonly run: string;
  readonly waitSeconds: number;
}

/** Where nobody is named. */
export const nobody: Person = ['authorization', ''];

export function stageOf(event: LoadEvent, book: Book): Stage {
  return {
    event,
    path: `/v1/events/${event.eventId}`,
    signUpBodies: event.roleIds.map((roleId) => JSON.stringify({ roleId })),
    book,
  };
}

/** Plays what scenarios say. `n`: of the arrival, by which keys differ. */
export function createPlaying({ asking, stages, people, staff, run, waitSeconds }: PlayingOptions) {
  const personOf = (user: number): Person => people[user % people.length] ?? nobody;
  // Events that were given have the roles that they have.
  const at = <Item>(items: readonly Item[], index: number): Item | undefined => items[index % items.length];

  function signUp(
    stage: Stage,
    { user, role, secondClickAfterMs, cancelAfterMs }: Extract<Act, { kind: 'sign-up' }>,
    key: string,
    dueMs: number,
  ): void {
    const common = { kind: 'sign-up', by: personOf(user), ...wishAt(stage) } as const;
    const click = { ...common, method: 'POST', path: `${stage.path}/registrations`, key } as const;
    const body = at(stage.signUpBodies, role) ?? '{}';
    if (secondClickAfterMs !== undefined) {
      asking.later(secondClickAfterMs, (laterMs) => asking.command({ ...click, body, dueMs: laterMs }));
    }
    asking.command({
      ...click,
      body,
      dueMs,
      onDecided({ status, body: told }) {
        const registrationId = parseRegistrationId(String(told['registrationId']));
        if (status !== 201 || registrationId === undefined) return;
        const known = { registrationId, user };
        stage.book.known.push(known);
        if (cancelAfterMs === undefined) return;
        asking.later(cancelAfterMs, (laterMs) => cancel(stage, known, `${key}-cancel`, laterMs));
      },
    });
  }

  const wishAt = ({ event, book }: Stage): Pick<Wish, 'eventId' | 'book' | 'waitSeconds'> => ({
    eventId: event.eventId,
    book,
    waitSeconds,
  });

  const pathOf = (stage: Stage, { registrationId }: Known) => `${stage.path}/registrations/${registrationId}`;

  function cancel(stage: Stage, known: Known, key: string, dueMs: number): void {
    const path = `${pathOf(stage, known)}/cancel`;
    const by = personOf(known.user);
    asking.command({ kind: 'cancel', by, ...wishAt(stage), method: 'POST', path, body: '{}', key, dueMs });
  }

  function byStaff(stage: Stage, wish: Pick<Wish, 'method' | 'path' | 'key' | 'dueMs'>, body: object): void {
    asking.command({ kind: 'staff', by: staff, ...wishAt(stage), ...wish, body: JSON.stringify(body) });
  }

  return function play(act: Act, n: number, dueMs: number): void {
    const stage = at(stages, act.event);
    if (stage === undefined) return;
    const key = `load-${run}-${n}`;
    switch (act.kind) {
      case 'sign-up':
        return signUp(stage, act, key, dueMs);
      case 'cancel': {
        const known = stage.book.pick(act.pick);
        return known === undefined ? undefined : cancel(stage, known, key, dueMs);
      }
      case 'look': {
        const known = stage.book.pick(act.pick);
        if (known !== undefined) asking.read('look', personOf(known.user), pathOf(stage, known), dueMs);
        return;
      }
      case 'read':
        return asking.read('read', personOf(act.user), readPaths[act.what](stage), dueMs);
      case 'change-capacity': {
        const roleId = at(stage.event.roleIds, act.role);
        const wish = { method: 'PATCH', path: `${stage.path}/roles/${roleId ?? ''}`, key, dueMs } as const;
        return byStaff(stage, wish, { capacity: act.capacity, ifOver: act.ifOver });
      }
      case 'move': {
        const known = stage.book.pick(act.pick);
        if (known === undefined) return;
        const wish = { method: 'POST', path: `${pathOf(stage, known)}/move`, key, dueMs } as const;
        return byStaff(stage, wish, { roleId: at(stage.event.roleIds, act.role), ifFull: 'waitlist' });
      }
      case 'remove': {
        const known = stage.book.pick(act.pick);
        if (known === undefined) return;
        const wish = { method: 'POST', path: `${pathOf(stage, known)}/cancel`, key, dueMs } as const;
        return byStaff(stage, wish, { reasonCode: 'organizational' });
      }
    }
  };
}

const readPaths: Readonly<Record<Extract<Act, { kind: 'read' }>['what'], (stage: Stage) => string>> = {
  availability: ({ path }) => `${path}/availability`,
  event: ({ path }) => path,
  list: () => '/v1/events?limit=20',
};
