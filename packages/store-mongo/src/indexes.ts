/** The names of the indexes that queries ask for by name. */
export const indexes = {
  /** A role's registrations by status, in line order. */
  line: 'eventId_roleId_status_sequence',
  /** One active registration per user and role of an event. */
  oneActive: 'eventId_roleId_userId_active',
} as const;
