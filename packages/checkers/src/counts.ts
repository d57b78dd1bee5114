import type { RoleCounts, RoleId } from '@rollcall/domain';
import { canonical } from './canonical.ts';
import { limitsOf, type Folded } from './folded.ts';

/** What the count cache has to say at the version that is folded; counted here by itself, not by the rules. */
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
export function wrongCounts(folded: Folded, cached: ReadonlyMap<RoleId, RoleCounts>): readonly string[] {
  const told = countsOf(folded);
  return [...new Set([...told.keys(), ...cached.keys()])].flatMap((roleId) => {
    const [byJournal, inCache] = [canonical(told.get(roleId)), canonical(cached.get(roleId))];
    return byJournal === inCache ? [] : [`role ${roleId}: ${byJournal} by the journal, ${inCache} in the cache`];
  });
}
