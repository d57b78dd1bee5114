import type { Instant } from '@rollcall/domain';

/** RFC 3339, as all times on the wire. */
export const timestamp = (instant: Instant): string => new Date(instant).toISOString();

export const maybeTimestamp = (instant: Instant | undefined): string | undefined =>
  instant === undefined ? undefined : timestamp(instant);
