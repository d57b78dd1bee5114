import type { EventDefinition, SettingsRule } from '@rollcall/domain';

interface Place {
  readonly pointer: string;
  readonly detail: string;
}

/** Where in the body of a new event a rule is broken, as a JSON pointer, and in what way. */
export function placeOfRule(rule: SettingsRule, { roles, pools }: EventDefinition): Place {
  switch (rule) {
    case 'starts-before-it-ends':
      return { pointer: '/endsAt', detail: 'must be after startsAt' };
    case 'signups-open-before-they-close':
      return { pointer: '/signupClosesAt', detail: 'must be after signupOpensAt' };
    case 'role-names-differ':
      return {
        pointer: `/roles/${repeatedIn(roles.map(({ name }) => name))}/name`,
        detail: 'is the name of another role too',
      };
    case 'role-ids-differ':
      return {
        pointer: `/roles/${repeatedIn(roles.map(({ roleId }) => roleId))}/roleId`,
        detail: 'is the id of another role too',
      };
    case 'pool-ids-differ':
    case 'pool-has-capacity-and-roles':
      return { pointer: '/pools', detail: 'must have different ids, and a capacity and roles each' };
    case 'pool-roles-exist': {
      const known = new Set(roles.map(({ roleId }) => roleId));
      for (const { poolId, roleIds } of pools) {
        const place = roleIds.findIndex((roleId) => !known.has(roleId));
        if (place >= 0) return { pointer: `/pools/${poolId}/roleIds/${place}`, detail: 'is not a role of this event' };
      }
      return { pointer: '/pools', detail: 'must name roles of this event' };
    }
  }
}

/** The first place that has what a place before it has. */
function repeatedIn(texts: readonly string[]): number {
  return texts.findIndex((text, place) => texts.indexOf(text) < place);
}
