import { poolsMax, rolesMax } from '@rollcall/domain';

/** How long texts may be (in Unicode code points) and how many things one request may hold. */
export const limits = {
  titleLengthMax: 200,
  locationLengthMax: 500,
  roleNameLengthMax: 200,
  notesLengthMax: 2000,
  reasonLengthMax: 500,
  displayNameLengthMax: 200,
  emailLengthMax: 320,
  timeZoneLengthMax: 64,
  rolesPerEventMax: rolesMax,
  poolsPerEventMax: poolsMax,
  capacityMax: 1_000_000,
  offerSecondsDefault: 86_400,
  offerSecondsMax: 30 * 86_400,
  idempotencyKeyLengthMax: 255,
  pageSizeMax: 100,
  pageSizeDefault: 50,
  /** Of the journal, whose readers want all of it. */
  journalPageSizeMax: 500,
  journalPageSizeDefault: 100,
  cursorLengthMax: 512,
  /** The longest `Prefer: wait`, in seconds; more is capped. */
  waitSecondsMax: 30,
} as const;
