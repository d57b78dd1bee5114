import { describe, expect, it } from 'vitest';
import { erasureStep } from './erasing.ts';
import { erasedIdFromToken, isErasedId, parseUserId, type RegistrationId, type UserId } from './ids.ts';
import { namingDecision, type NamingDecision, type UserTraces } from './traces.ts';

const r = (n: number) => `r${String(n).padStart(22, '0')}` as RegistrationId;

/** Asked for by the user, and about their own. */
const about = (version: number, ...of: readonly number[]): NamingDecision => ({
  version,
  isActor: true,
  ...(of[0] === undefined ? {} : { asked: r(of[0]) }),
  registrationIds: of.map(r),
  moves: [],
});
const refusal = (version: number): NamingDecision => ({ version, isActor: true, registrationIds: [], moves: [] });
const traces = (...decisions: readonly NamingDecision[]): UserTraces => ({ registrationIds: [], decisions });

describe('a step of an erasure', () => {
  it('takes everything that fits', () => {
    expect(erasureStep(traces(about(3, 1), refusal(4), about(5, 1), about(6, 2)), 10)).toEqual({
      registrationIds: [r(1), r(2)],
      factVersions: [3, 5, 6],
      actVersions: [4],
      actorVersions: [4, 3, 5, 6],
      actedOn: [r(1), r(2)],
      left: false,
    });
  });

  it('takes what they did before any of their registrations', () => {
    const all = traces(about(3, 1), refusal(4), refusal(5), refusal(6));
    expect(erasureStep(all, 2)).toEqual({
      registrationIds: [],
      factVersions: [],
      actVersions: [4, 5],
      actorVersions: [4, 5],
      actedOn: [],
      left: true,
    });
    expect(erasureStep(all, 4)).toMatchObject({ actVersions: [4, 5, 6], registrationIds: [], left: true });
    expect(erasureStep(all, 5)).toMatchObject({ actVersions: [4, 5, 6], registrationIds: [r(1)], left: false });
  });

  it('takes registrations whole, the oldest first', () => {
    const all = traces(about(3, 1), about(4, 2), about(5, 1), about(6, 3));
    // The first is 1 registration and 2 decisions.
    expect(erasureStep(all, 4)).toMatchObject({ registrationIds: [r(1)], factVersions: [3, 5], left: true });
    expect(erasureStep(all, 5)).toMatchObject({ registrationIds: [r(1), r(2)], factVersions: [3, 4, 5], left: true });
  });

  it('takes one that is larger than a step, alone', () => {
    const all = traces(about(3, 1), about(4, 1), about(5, 1), about(6, 2));
    expect(erasureStep(all, 2)).toMatchObject({ registrationIds: [r(1)], factVersions: [3, 4, 5], left: true });
  });

  it('takes together what hangs together by moves, but not those that one decision names by chance', () => {
    const queued = (version: number, after: number, before: number): NamingDecision => ({
      ...about(version, after),
      moves: [[r(after), r(before)]],
    });
    const all = traces(about(3, 1), about(4, 2), queued(5, 3, 1), queued(6, 4, 3), about(7, 4, 2));
    expect(erasureStep(all, 2)).toMatchObject({
      registrationIds: [r(1), r(3), r(4)],
      factVersions: [3, 5, 6, 7],
      left: true,
    });
  });

  it('rewrites who asked together with the registration that was asked for', () => {
    const removal: NamingDecision = { version: 4, isActor: false, asked: r(1), registrationIds: [r(1)], moves: [] };
    const asStaff: NamingDecision = { version: 5, isActor: true, asked: r(9), registrationIds: [r(2)], moves: [] };
    expect(erasureStep(traces(about(3, 1), removal, asStaff), 10)).toMatchObject({
      registrationIds: [r(1), r(2)],
      factVersions: [3, 4, 5],
      actVersions: [5],
      actorVersions: [5, 3],
      actedOn: [r(9), r(1), r(2)],
    });
  });

  it('takes what is stored as theirs and no decision names', () => {
    expect(erasureStep({ registrationIds: [r(7)], decisions: [] }, 10)).toMatchObject({
      registrationIds: [r(7)],
      left: false,
    });
  });
});

describe('a decision', () => {
  const ann = 'ann' as UserId;
  const fact = { registrationId: r(1), userId: ann, roleId: 'cooks' as never, sequence: 3 };

  it('names whom its facts are about, whoever asked', () => {
    const domainEvents = [
      { ...fact, type: 'RegistrationConfirmed', userId: 'bob' as UserId, registrationId: r(2) },
      { ...fact, type: 'RegistrationPromoted', previousStanding: 'waitlist' },
    ] as const;
    expect(namingDecision({ version: 7, actor: { kind: 'system' }, domainEvents }, ann)).toEqual({
      version: 7,
      isActor: false,
      asked: r(2),
      registrationIds: [r(1)],
      moves: [],
    });
  });

  it('names whom a dry run would affect', () => {
    const effects = [{ registrationId: r(1), userId: ann, roleId: 'cooks' as never, effect: 'demoted' }] as const;
    const preview = { type: 'ChangePreviewed', effects, complete: true } as const;
    expect(namingDecision({ version: 7, actor: undefined, domainEvents: [preview] }, ann)).toMatchObject({
      registrationIds: [r(1)],
    });
  });

  it('names who asked for it', () => {
    const refused = { version: 7, actor: { kind: 'staff', userId: ann }, domainEvents: [] } as const;
    expect(namingDecision(refused, ann)).toEqual({ version: 7, isActor: true, registrationIds: [], moves: [] });
    expect(namingDecision(refused, 'an' as UserId)).toBeUndefined();
  });
});

describe('the id of somebody erased', () => {
  it('is an id of a user, and told apart from others', () => {
    const id = erasedIdFromToken('A-_9'.padEnd(22, 'x'));
    expect(parseUserId(id)).toBe(id);
    expect(isErasedId(id)).toBe(true);
    for (const other of ['erased-', 'erased-short', `${id}x`, `un${id}`])
      expect(isErasedId(other as UserId)).toBe(false);
  });
});
