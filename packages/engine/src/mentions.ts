import type { RegistrationId, UserId } from '@rollcall/domain';

export interface Named {
  readonly userId: UserId;
  readonly registrationIds: readonly RegistrationId[];
}

const quotedRegistration = /"(r[A-Za-z0-9_-]{22})"/g;

/**
 * Whether a payload names one of these. It is looked at as a text, because what lies among the dead letters may be
 * damaged; ids stand in it as JSON has them, in quotes.
 */
export function createMentions({ userId, registrationIds }: Named): (text: string) => boolean {
  const quotedUser = JSON.stringify(userId);
  const ids: ReadonlySet<string | undefined> = new Set(registrationIds);
  return (text) =>
    text.includes(quotedUser) || (ids.size > 0 && [...text.matchAll(quotedRegistration)].some(([, id]) => ids.has(id)));
}
