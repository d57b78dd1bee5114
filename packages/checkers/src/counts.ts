import type { RoleCounts, RoleId } from '@rollcall/domain';
import { canonical } from './canonical.ts';
import { limitsOf, type Folded } from './folded.ts';

/** What has to be shown at the version that is folded; counted here by itself, not by the rules. */
function countsOf(folded: Folded): ReadonlyMap<RoleId, RoleCounts> {
  return new Map(
    [...folded.roles.values()].map(({ roleId, capacity }) => {
      const row = folded.rows.get(roleId);
      const room = Math.min(Infinity, ...limitsOf(folded, roleId).map((limit) => limit.capacity - limit.taken));
      return [
        roleId,
        {
          capacity,
          confirmed: row?.confirmed ?? 0,
          waitlist: row?.waitlist ?? 0,
          offered: row?.offered ?? 0,
          available: room === Infinity ? null : Math.max(0, room),
        },
      ];
    }),
  );
}

/** How counts that claim to be of the folded version differ from what the journal says. */
export function wrongCounts(folded: Folded, shown: ReadonlyMap<RoleId, RoleCounts>, by: string): readonly string[] {
  const told = countsOf(folded);
  return [...new Set([...told.keys(), ...shown.keys()])].flatMap((roleId) => {
    const [byJournal, isShown] = [canonical(told.get(roleId)), canonical(shown.get(roleId))];
    return byJournal === isShown ? [] : [`role ${roleId}: ${byJournal} by the journal, ${isShown} by ${by}`];
  });
}
