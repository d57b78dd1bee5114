import { parseOrganizerId } from '@rollcall/domain';
import { Compile } from 'typebox/compile';
import { Default } from 'typebox/value';
import { mappingSchema, type Mapping } from './schema.ts';
import { isTimeZone } from './time-zone.ts';

const compiled = Compile(mappingSchema);

/** A mapping file that can't be used. The message names each entry that is wrong. */
export class MappingError extends Error {
  override readonly name = 'MappingError';
}

const mistakesMax = 20;

/**
 * The mapping that a file describes; what it leaves out is as in `defaultMapping`.
 *
 * @throws MappingError naming the entries that are unknown, of the wrong type, or contradict each other.
 */
export function parseMapping(json: unknown): Mapping {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new MappingError('mapping: must be an object');
  }
  const mapping: unknown = Default(mappingSchema, structuredClone(json));
  if (!compiled.Check(mapping)) throw new MappingError(lines(schemaMistakes(mapping)));
  const mistakes = contradictions(mapping);
  if (mistakes.length > 0) throw new MappingError(lines(mistakes));
  return mapping;
}

/** For the shape that docs/migration-mapping.md describes. */
export const defaultMapping: Mapping = parseMapping({});

const lines = (mistakes: readonly string[]) => mistakes.slice(0, mistakesMax).join('\n');

function schemaMistakes(mapping: unknown): string[] {
  return compiled.Errors(mapping).map(({ instancePath, message, params }) => {
    const facts = Object.values(params)
      .flat()
      .filter((fact) => typeof fact === 'string');
    const known = facts.length === 0 || message.includes(facts.join(', ')) ? '' : ` (${facts.join(', ')})`;
    return `mapping${instancePath}: ${message}${known}`;
  });
}

/** What no schema says: each word means one thing, names are of zones and organizers that can be. */
function contradictions({ states, eventStates, timeZone, organizers, role, users, collections }: Mapping): string[] {
  const { written, confirmed, attended, waitlist, cancelled } = states;
  const mistakes = [
    ...inTwo('states', Object.entries({ confirmed, attended, waitlist, cancelled })),
    ...inTwo(
      'eventStates',
      (['open', 'closed', 'cancelled'] as const).map((state) => [state, eventStates[state]]),
    ),
  ];
  for (const state of ['confirmed', 'waitlist', 'attended', 'cancelled'] as const) {
    const word = written[state];
    if (word !== null && !states[state].includes(word)) {
      mistakes.push(`mapping/states/written/${state}: '${word}' is not one of states.${state}`);
    }
  }
  for (const state of ['open', 'closed', 'cancelled'] as const) {
    if (eventStates[state].length === 0) mistakes.push(`mapping/eventStates/${state}: must name a word`);
  }
  if (new Set(role.capacity).size !== role.capacity.length) mistakes.push('mapping/role/capacity: names a field twice');
  if (!isTimeZone(timeZone)) mistakes.push(`mapping/timeZone: '${timeZone}' is not an IANA time zone`);
  for (const [legacyId, organizerId] of Object.entries(organizers.table)) {
    if (parseOrganizerId(organizerId) === undefined) {
      mistakes.push(`mapping/organizers/table/${legacyId}: can not be the id of an organizer`);
    }
  }
  if (users.subject !== 'id' && collections.users === null) {
    mistakes.push('mapping/users/subject: a field of users needs collections.users');
  }
  if (organizers.default !== null && parseOrganizerId(organizers.default) === undefined) {
    mistakes.push('mapping/organizers/default: can not be the id of an organizer');
  }
  return mistakes;
}

function inTwo(path: string, states: readonly (readonly [string, readonly string[]])[]): string[] {
  const stateOf = new Map<string, string>();
  const mistakes: string[] = [];
  for (const [state, list] of states) {
    for (const word of list) {
      const other = stateOf.get(word);
      if (other !== undefined) mistakes.push(`mapping/${path}/${state}: '${word}' stands in ${path}.${other} too`);
      stateOf.set(word, state);
    }
  }
  return mistakes;
}
