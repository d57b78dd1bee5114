import type { RoleId } from '@rollcall/domain';
import type { Matched } from './match.ts';
import type { HeldRegistration, WantedRegistration } from './wanted.ts';

/**
 * Those who have to go to the end of the line so that it stands in the wanted order, with all behind them: the fewest,
 * since whoever has not lost their place keeps it.
 *
 * @param sequenceOf the place that they have otherwise; undefined for one who is new in the line
 */
export function requeued(
  wanted: readonly WantedRegistration[],
  sequenceOf: (registration: WantedRegistration) => number | undefined,
): ReadonlySet<WantedRegistration> {
  const again = new Set<WantedRegistration>();
  const lines = Map.groupBy(
    wanted.filter(({ status }) => status === 'waitlist'),
    ({ roleId }) => roleId,
  );
  for (const line of lines.values()) {
    let last = Number.NEGATIVE_INFINITY;
    for (const registration of line) {
      const sequence = sequenceOf(registration);
      if (sequence !== undefined && sequence > last) {
        last = sequence;
        continue;
      }
      // From here on everybody comes anew.
      last = Number.POSITIVE_INFINITY;
      if (sequence !== undefined) again.add(registration);
    }
  }
  return again;
}

/** Changes of role in an order in which nobody is registered twice for one role on the way. */
interface Moves {
  readonly inOrder: readonly WantedRegistration[];
  /** Moves in a circle, as when somebody swaps two roles: one of them is cancelled and comes back as a new registration. */
  readonly anew: ReadonlySet<WantedRegistration>;
}

export function movesOf(wanted: readonly WantedRegistration[], { heldOf }: Matched): Moves {
  const leaving = new Map<string, WantedRegistration>();
  const place = (userId: string, roleId: RoleId) => `${roleId} ${userId}`;
  const moving = wanted.filter((registration) => moves(registration, heldOf.get(registration)));
  for (const registration of moving) {
    const held = heldOf.get(registration);
    if (held !== undefined) leaving.set(place(held.userId, held.roleId), registration);
  }
  const inOrder: WantedRegistration[] = [];
  const anew = new Set<WantedRegistration>();
  const seen = new Set<WantedRegistration>();
  for (const first of moving) {
    if (seen.has(first)) continue;
    // Whoever stands where one wants to go has to leave first, and so on; each has one place, so it is a chain.
    const chain: WantedRegistration[] = [];
    let next: WantedRegistration | undefined = first;
    while (next !== undefined && !seen.has(next)) {
      seen.add(next);
      chain.push(next);
      next = leaving.get(place(next.userId, next.roleId));
    }
    if (next === first) anew.add(first);
    inOrder.push(...chain.toReversed().filter((registration) => !anew.has(registration)));
  }
  return { inOrder, anew };
}

const moves = (wanted: WantedRegistration, held: HeldRegistration | undefined): boolean =>
  held !== undefined && held.status !== 'cancelled' && wanted.status !== 'cancelled' && held.roleId !== wanted.roleId;
