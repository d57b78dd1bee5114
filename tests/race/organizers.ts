import { capacities, kitchen, roleIds, staff, type Stage, type Wish } from './stage.ts';

const { volunteers, cooks, drivers } = roleIds;

const by = staff;
const patch = { by, method: 'PATCH' } as const;
const ofRole = (roleId: string) => ({ ...patch, path: `/roles/${roleId}` });
const ofEvent = { ...patch, path: '' };

export const staffTurns = 80;

/** Staff change their mind about capacities all the time, and move and remove people. */
export async function organize(stage: Stage, turn: number): Promise<void> {
  await changeAll(stage, turn);
  for (const wish of wishesOf(stage, turn)) await stage.send(wish);
}

function wishesOf({ known }: Stage, turn: number): readonly Wish[] {
  const isUp = turn % 16 < 8;
  const toSomebody = (action: string, body: unknown): readonly Wish[] => {
    const somebody = known[(turn * 37) % Math.max(1, known.length)];
    return somebody === undefined ? [] : [{ by, path: `/registrations/${somebody}${action}`, body }];
  };
  const turns: readonly (readonly Wish[])[] = [
    [{ ...ofRole(volunteers), body: { capacity: isUp ? 110 : 90, ifOver: 'demote' } }],
    toSomebody('/move', { roleId: isUp ? volunteers : cooks, ifFull: 'waitlist' }),
    toSomebody('/cancel', { reasonCode: 'no-show', reason: 'was not seen last year' }),
    [{ ...ofRole(cooks), body: { capacity: isUp ? 50 : capacities.cooks, ifOver: 'keep' } }],
    toSomebody('/move', { roleId: isUp ? cooks : volunteers }),
    [{ ...ofRole(volunteers), body: { capacity: 10, ifOver: 'demote', dryRun: true } }],
    [
      // Some more are offered a seat each time; nobody is sent away, so the second is refused.
      { ...ofRole(drivers), body: { capacity: capacities.drivers + Math.floor(turn / 2) } },
      { ...ofRole(drivers), body: { capacity: 1 } },
      { by, path: '/registrations', body: { ...guest(turn), roleId: volunteers, override: true } },
    ],
    [{ ...ofEvent, body: { pools: kitchen(capacities.kitchen + (isUp ? 15 : 0)), ifOver: 'demote' } }],
  ];
  return turns[turn % turns.length] ?? [];
}

const guest = (turn: number) => ({ userId: `guest-${turn}`, profile: { displayName: 'A guest' } });

/** Twice everybody who waits for a role gets a seat, and nearly all of them lose it again. */
async function changeAll({ send }: Stage, turn: number): Promise<void> {
  if (turn === 40) {
    await send({ ...ofEvent, body: { capacity: null, pools: { kitchen: null } } });
    await send({ ...ofRole(cooks), body: { capacity: null } });
  }
  if (turn === 56) await send({ ...ofEvent, body: { capacity: capacities.event, ifOver: 'keep' } });
  if (turn === 76) {
    await send({ ...ofEvent, body: { capacity: null } });
    await send({ ...ofRole(volunteers), body: { capacity: 5_000 } });
  }
}

/** How the event is left: nobody is offered anything any more, and only roles and the pool limit. */
export async function settleCapacities({ send }: Stage): Promise<void> {
  await send({ ...ofEvent, body: { capacity: null, pools: kitchen(capacities.kitchen), ifOver: 'demote' } });
  await send({ ...ofRole(volunteers), body: { capacity: capacities.volunteers, ifOver: 'demote' } });
  await send({ ...ofRole(drivers), body: { waitlist: 'auto' } });
}
