export const eventPath = (eventId: string): string => `/v1/events/${encodeURIComponent(eventId)}`;

export const rolePath = (eventId: string, roleId: string): string =>
  `${eventPath(eventId)}/roles/${encodeURIComponent(roleId)}`;

export const registrationPath = (eventId: string, registrationId: string): string =>
  `${eventPath(eventId)}/registrations/${encodeURIComponent(registrationId)}`;

/** Of those parts that are given; empty without any. */
export function queryOf(parts: Readonly<Record<string, string | number | boolean | undefined>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parts)) if (value !== undefined) query.set(name, String(value));
  return query.size === 0 ? '' : `?${query.toString()}`;
}
