import type { EventId, RoleId } from '@rollcall/domain';
import { request } from './http.ts';
import { organizerId, staffClaims, type Rollcall } from './rollcall.ts';

export interface OpenEvent {
  readonly eventId: EventId;
  readonly roleIds: readonly RoleId[];
}

/** A role as the API takes it. */
interface NewRole {
  readonly name: string;
  readonly capacity: number | null;
  readonly waitlist: 'off' | 'auto' | 'offer';
  /** Made up unless given. */
  readonly roleId?: string;
  readonly offerSeconds?: number;
}

export interface EventOptions {
  readonly roles: readonly NewRole[];
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Left a draft when false. */
  readonly open?: boolean;
}

/** Creates an event through the API, and opens it. */
export async function createOpenEvent(rollcall: Rollcall, options: EventOptions): Promise<OpenEvent> {
  const [url = ''] = rollcall.urls;
  const token = await rollcall.token('staff-1', staffClaims);
  const created = await request(`${url}/v1/events`, {
    token,
    body: {
      organizerId,
      title: 'The event',
      startsAt: '2099-01-01T10:00:00Z',
      endsAt: '2099-01-01T12:00:00Z',
      timeZone: 'Europe/Berlin',
      roles: options.roles,
      ...options.settings,
    },
  });
  if (created.status !== 201) throw new Error(`not created: ${created.status} ${JSON.stringify(created.body)}`);
  const { eventId, roles } = created.body as { eventId: EventId; roles: { roleId: RoleId }[] };
  if (options.open !== false) {
    const opened = await request(`${url}/v1/events/${eventId}`, {
      method: 'PATCH',
      token,
      body: { status: 'open' },
      headers: { prefer: 'wait=10' },
    });
    if (opened.status !== 200) throw new Error(`not opened: ${opened.status} ${JSON.stringify(opened.body)}`);
  }
  return { eventId, roleIds: roles.map(({ roleId }) => roleId) };
}
