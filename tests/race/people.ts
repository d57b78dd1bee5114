import type { RegistrationId, RoleId } from '@rollcall/domain';
import type { Reply } from '../support/http.ts';
import { roleIds, type Stage, type Wish } from './stage.ts';

const { volunteers, cooks, drivers, medics } = roleIds;
/** Of ten people six want to volunteer. */
const wanted: readonly RoleId[] = [...Array<RoleId>(6).fill(volunteers), cooks, cooks, drivers, medics];
const circle = [volunteers, cooks, drivers, medics];

const roleOf = (n: number): RoleId => wanted[n % wanted.length] ?? volunteers;

function another(n: number): RoleId {
  return circle[(circle.indexOf(roleOf(n)) + 1 + (n % 3)) % circle.length] ?? cooks;
}

/**
 * What one user does. Every fifth clicks twice, half of them with the same Idempotency-Key; then, of ten, two cancel what
 * they got, two queue for another role, one moves if there is a seat, one wants more than they may have, and one writes notes.
 */
export async function takeTurn(stage: Stage, n: number): Promise<void> {
  const by = `user-${n}`;
  const signUp = (roleId: RoleId, headers: Record<string, string> = {}, api = n): Promise<Reply> =>
    stage.send({ by, path: '/registrations', body: { roleId }, headers, api });

  const sameKey: Record<string, string> = n % 10 === 1 ? { 'idempotency-key': `key-of-${n}` } : {};
  const clicks = [signUp(roleOf(n), sameKey)];
  // The second click goes to another API.
  if (n % 5 === 1) clicks.push(signUp(roleOf(n), sameKey, n + 1));
  const replies = await Promise.all(clicks);
  const registrationId = replies.find(({ status }) => status === 201)?.body['registrationId'] as
    | RegistrationId
    | undefined;
  if (registrationId === undefined) return;
  stage.known.push(registrationId);
  const path = `/registrations/${registrationId}`;
  const queue = { by, path: `${path}/move`, body: { roleId: another(n), ifFull: 'waitlist' } };
  const cancel = { by, path: `${path}/cancel`, body: {} };
  const more = circle
    .filter((roleId) => roleId !== roleOf(n))
    .map((roleId) => ({ by, path: '/registrations', body: { roleId } }));
  const next: readonly (readonly Wish[])[] = [
    [cancel],
    [cancel],
    [queue],
    [queue],
    [{ ...queue, body: { roleId: another(n) } }],
    more,
    [{ by, method: 'PATCH', path, body: { notes: 'brings a friend' } }],
  ];
  for (const wish of next[Math.floor(n / 10) % 10] ?? []) await stage.send(wish);
}
