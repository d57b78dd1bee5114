import { createRules, createSideBySide, firstDifferenceIn, tellImportStory, theEventId } from '@rollcall/testkit';
import { describe, expect, it } from 'vitest';
import type { ImportRegistration } from './command.ts';
import { registrationIdFor } from './ids.ts';

const stories = 400;
const seeds = Array.from({ length: stories }, (_, n) => n + 1);
/** Half of the stories are told with so few changes per decision that obligations are left. */
const changesMaxOf = (seed: number) => (seed % 2 === 0 ? undefined : 2 + (seed % 5));

describe('random imports', () => {
  it(`are decided as the naive model says, in ${stories} stories, one by one and as one batch`, () => {
    const seen = new Map<string, number>();
    for (const seed of seeds) {
      const story = tellImportStory(seed);
      expect({ seed, difference: firstDifferenceIn(story, changesMaxOf(seed)) }).toEqual({ seed });
      const sides = createSideBySide(changesMaxOf(seed));
      // Who is erased is so in what was decided before, too, and the model tells of the moment.
      const batch = story.filter(({ type }) => type !== 'EraseUser');
      expect({ seed, difference: sides.decide(...batch) }).toEqual({ seed });
      for (const { decision } of sides.rules.decided) {
        const told =
          decision.outcome === 'rejected' ? [decision.rejection.reason] : decision.domainEvents.map(({ type }) => type);
        for (const what of told) seen.set(what, (seen.get(what) ?? 0) + 1);
      }
    }
    const wanted = [
      'EventImported',
      'RegistrationImported',
      'ImportFinished',
      'ImportResumed',
      'RegistrationPromoted',
      'RegistrationOffered',
      'RegistrationCancelled',
      'ObligationIncurred',
      'ObligationDischarged',
      'event-importing',
      'not-importing',
      'role-in-use',
      'role-not-found',
      'already-registered',
      'already-cancelled',
      'registration-not-found',
    ];
    expect(wanted.filter((what) => (seen.get(what) ?? 0) < 10)).toEqual([]);
  });

  it('leave each registration as it was said last', () => {
    for (const seed of seeds) {
      const story = tellImportStory(seed).filter(({ type }) => type.startsWith('Import'));
      const rules = createRules(theEventId);
      const last = new Map<string, ImportRegistration>();
      for (const command of story) {
        const [decision] = rules.decideBatch([command]);
        if (command.type !== 'ImportRegistration' || decision?.outcome !== 'accepted') continue;
        last.set(command.registrationId ?? registrationIdFor(command.commandId), command);
      }
      expect(rules.registrations.size).toBe(last.size);
      for (const [registrationId, { userId, roleId, status, attendedAt }] of last) {
        const registration = [...rules.registrations.values()].find((held) => held.registrationId === registrationId);
        expect(registration).toMatchObject({ userId, roleId, status });
        const attended = status === 'confirmed' && attendedAt !== undefined ? { attendedAt } : {};
        expect(registration?.status === 'confirmed' ? registration.attendedAt : undefined).toBe(
          'attendedAt' in attended ? attended.attendedAt : undefined,
        );
      }
    }
  });
});
