import { brokenRule, parseRoleId, parseUserId } from '@rollcall/domain';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LegacyDocument, LegacyEvent } from '../legacy.ts';
import { defaultMapping, parseMapping } from '../mapping/parse.ts';
import { findingKinds, rulesOf, type FindingKind } from '../rules.ts';
import { aDocument, aLegacyEvent, aLegacyRole, aUser, anEntry, garbage, legacyEvents } from '../testing.ts';
import { settle } from './settle.ts';

/** Every combination of rules that lets events pass. */
const mappings = fc
  .record(Object.fromEntries(findingKinds.map((kind) => [kind, fc.constantFrom(...passing(kind))])))
  .map((rules) => parseMapping({ rules }));

function passing(kind: FindingKind): readonly string[] {
  const rules = rulesOf(kind).filter((rule) => rule !== 'stop');
  return rules.length === 0 ? ['stop'] : rules;
}

/** All that Rollcall asks of what it is given. */
function expectSound(legacy: LegacyEvent, mapping: typeof defaultMapping): void {
  const { wanted, stops } = settle(legacy, mapping);
  expect(wanted === undefined).toBe(stops.length > 0);
  if (wanted === undefined) return;
  expect(brokenRule({ settings: wanted.settings, roles: wanted.roles, pools: [] })).toBeUndefined();
  const roleIds = new Set(wanted.roles.map(({ roleId }) => parseRoleId(roleId)));
  const seats = new Set<string>();
  const keys = new Set<string>();
  for (const { userId, roleId, status, registrationDate, key, notes = '' } of wanted.registrations) {
    expect(parseUserId(userId)).toBe(userId);
    expect(roleIds.has(roleId)).toBe(true);
    expect(registrationDate).toBeGreaterThanOrEqual(0);
    expect(notes.isWellFormed()).toBe(true);
    expect(keys.has(key)).toBe(false);
    expect(status !== 'cancelled' && seats.has(`${roleId} ${userId}`)).toBe(false);
    keys.add(key);
    if (status !== 'cancelled') seats.add(`${roleId} ${userId}`);
  }
}

/** The same document with garbage in one of its fields, or without it. */
const spoiled = (document: LegacyDocument): fc.Arbitrary<LegacyDocument> =>
  fc
    .tuple(fc.constantFrom(...Object.keys(document)), garbage)
    .map(([field, value]) => ({ ...document, [field]: value }));

const whole = aLegacyEvent({
  event: { signedUp: 1, totalSlots: 4, endDate: '2030-06-01', updatedAt: new Date() },
  documents: [aDocument(1, { notes: 'x', specialRequirements: 'y' })],
});

describe('settling never throws', () => {
  it('whatever a field of the event holds', () => {
    fc.assert(
      fc.property(spoiled(whole.event), mappings, (event, mapping) => expectSound({ ...whole, event }, mapping)),
    );
  });

  it('whatever a field of a registration, or of a part of it, holds', () => {
    const part = fc.oneof(
      spoiled(aDocument(1, { notes: 'x', specialRequirements: 'y' })),
      spoiled(aUser(1)).map((userSnapshot) => aDocument(1, { userSnapshot })),
      spoiled({ action: 'a', performedBy: 'b', performedAt: 0, previousValue: 'helpers', newValue: 'x' }).map((line) =>
        aDocument(1, { actionHistory: [line] }),
      ),
      spoiled({ roleName: 'x' }).map((eventSnapshot) => aDocument(1, { eventSnapshot, roleId: 'gone' })),
    );
    fc.assert(
      fc.property(part, mappings, (document, mapping) =>
        expectSound({ ...whole, registrations: [document, aDocument(2)] }, mapping),
      ),
    );
  });

  it('whatever a role or an entry of its list holds', () => {
    const role = aLegacyRole('helpers', 2, [anEntry(1)]);
    const roles = fc.oneof(
      spoiled(role),
      spoiled(anEntry(1, { notes: 'x' })).map((entry) => aLegacyRole('helpers', 2, [entry, anEntry(2)])),
      garbage,
    );
    fc.assert(
      fc.property(fc.array(roles, { maxLength: 3 }), mappings, (list, mapping) =>
        expectSound({ ...whole, event: { ...whole.event, roles: list } }, mapping),
      ),
    );
  });

  it('whatever all of it is', () => {
    const rubbish = fc.dictionary(fc.constantFrom(...Object.keys(aDocument(1)), ...Object.keys(whole.event)), garbage);
    fc.assert(
      fc.property(rubbish, fc.array(rubbish, { maxLength: 4 }), mappings, (event, registrations, mapping) =>
        expectSound({ ...whole, event, registrations }, mapping),
      ),
    );
  });
});

describe('settling', () => {
  it('gives sound events by every rule', () => {
    fc.assert(fc.property(legacyEvents, mappings, expectSound));
  });

  it('gives the same for the same documents in any order', () => {
    const shuffled = legacyEvents.chain((legacy) =>
      fc
        .shuffledSubarray([...legacy.registrations], { minLength: legacy.registrations.length })
        .map((registrations) => [legacy, { ...legacy, registrations }] as const),
    );
    fc.assert(
      fc.property(shuffled, mappings, ([legacy, other], mapping) => {
        expect(settle(other, mapping)).toEqual(settle(legacy, mapping));
      }),
    );
  });

  it('stops at nothing that has a default rule', () => {
    fc.assert(
      fc.property(legacyEvents, (legacy) => {
        expect(settle(legacy, defaultMapping).stops).toEqual([]);
      }),
    );
  });
});
