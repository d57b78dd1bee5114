import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultMapping, MappingError, parseMapping } from './parse.ts';

describe('a mapping', () => {
  it('that says nothing is the default one', () => {
    expect(parseMapping({})).toEqual(defaultMapping);
    expect(defaultMapping).toMatchObject({
      database: 'legacy',
      collections: { events: 'events', registrations: 'registrations', users: 'users' },
      role: { capacity: ['maxParticipants', 'capacity'] },
      states: { written: { confirmed: 'active', waitlist: 'waitlisted', attended: 'attended', cancelled: null } },
      timeZone: 'UTC',
      users: { subject: 'id' },
      rules: { 'array-only': 'confirm', 'unknown-role': 'stop' },
    });
  });

  it('that was parsed can be parsed again', () => {
    expect(parseMapping(JSON.parse(JSON.stringify(defaultMapping)))).toEqual(defaultMapping);
  });

  it('changes what it names and nothing else', () => {
    const json = { event: { title: 'name' }, users: { subject: { field: 'sub' } }, collections: { users: 'people' } };
    expect(parseMapping(json)).toEqual({
      ...defaultMapping,
      event: { ...defaultMapping.event, title: 'name' },
      users: { subject: { field: 'sub' } },
      collections: { ...defaultMapping.collections, users: 'people' },
    });
    expect(json).toEqual({
      event: { title: 'name' },
      users: { subject: { field: 'sub' } },
      collections: { users: 'people' },
    });
  });

  it.each([
    [{ databas: 'x' }, /mapping: .*databas/],
    [{ event: { titel: 'x' } }, /mapping\/event: .*titel/],
    [{ event: { title: 5 } }, /mapping\/event\/title/],
    [{ event: { title: '' } }, /mapping\/event\/title/],
    [{ event: { title: null } }, /mapping\/event\/title/],
    [{ event: { title: 'a.b' } }, /mapping\/event\/title/],
    [{ event: { title: '$set' } }, /mapping\/event\/title/],
    [{ event: [] }, /mapping\/event/],
    [{ role: { capacity: [] } }, /mapping\/role\/capacity/],
    [{ role: { capacity: ['a', 'a'] } }, /mapping\/role\/capacity: names a field twice/],
    [{ rules: { 'array-only': 'perhaps' } }, /mapping\/rules\/array-only/],
    [{ rules: { arrays: 'stop' } }, /mapping\/rules: .*arrays/],
    [
      { states: { waitlist: ['active', 'waitlisted'] } },
      /mapping\/states\/waitlist: 'active' stands in states.confirmed/,
    ],
    [{ states: { waitlist: ['waitlisted', 'waitlisted'] } }, /'waitlisted' stands in states.waitlist too/],
    [{ states: { written: { confirmed: 'seated' } } }, /mapping\/states\/written\/confirmed: 'seated'/],
    [{ eventStates: { closed: ['upcoming'] } }, /mapping\/eventStates\/closed/],
    [{ eventStates: { closed: [] } }, /mapping\/eventStates\/closed: must name a word/],
    [{ timeZone: 'Mars/Olympus' }, /mapping\/timeZone: 'Mars\/Olympus'/],
    [{ organizers: { table: { a: 'x\ny' } } }, /mapping\/organizers\/table\/a/],
    [{ organizers: { default: 'x\ny' } }, /mapping\/organizers\/default/],
    [{ users: { subject: 'sub' } }, /mapping\/users\/subject/],
    [
      { users: { subject: { field: 'sub' } }, collections: { users: null } },
      /subject: a field of users needs collections/,
    ],
    [{ defaults: { offerMs: 0.5 } }, /mapping\/defaults\/offerMs/],
    [[], /must be an object/],
    [null, /must be an object/],
    ['mapping', /must be an object/],
  ])('is refused, and the message says where: %j', (json, message) => {
    expect(() => parseMapping(json)).toThrow(MappingError);
    expect(() => parseMapping(json)).toThrow(message);
  });

  it('is either good or refused, whatever the file holds', () => {
    const entry = fc.constantFrom(...Object.keys(defaultMapping));
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.dictionary(entry, fc.jsonValue())), (json) => {
        expect(outcomeOf(json)).toMatch(/^good$|^refused: mapping/);
      }),
    );
  });
});

function outcomeOf(json: unknown): string {
  try {
    return parseMapping(json).database === '' ? 'bad' : 'good';
  } catch (error) {
    return error instanceof MappingError ? `refused: ${error.message}` : String(error);
  }
}
