/** What is wrong, or differs, in what the old system says of an event; and by which rules it may be settled. */
interface Kind {
  readonly means: string;
  /** What each rule does. The first is the one that is used unless the mapping chooses another. */
  readonly rules: Readonly<Record<string, string>>;
}

const stop = 'the event is not migrated until somebody has put it right';
const asDefault = 'the documented default stands in its place';

/**
 * The two places where the old system keeps signups contradict each other, and documents without a schema hold anything.
 * Whatever is not as it should be is one of these kinds, and a rule says what becomes of it: nothing is settled in silence.
 */
export const kinds = {
  'array-only': {
    means: 'Somebody stands in the list of signups of a role and has no active registration document for it',
    rules: {
      confirm: 'a confirmed registration, dated by its neighbours in the list',
      drop: 'no registration',
      stop,
    },
  },
  'document-only': {
    means: 'An active registration document whose user does not stand in the list of signups of its role',
    rules: { keep: 'a registration as the document says', cancel: 'a cancelled registration', stop },
  },
  'array-repeat': {
    means: 'Somebody stands in the same list of signups more than once',
    rules: { 'keep-first': 'the first entry counts', stop },
  },
  'document-repeat': {
    means: 'More than one active registration document of one user for one role',
    rules: {
      'keep-first':
        'the earliest counts, of those with a seat if there are such; the others become cancelled registrations',
      'keep-last':
        'the latest counts, of those with a seat if there are such; the others become cancelled registrations',
      stop,
    },
  },
  'two-roles': {
    means: 'Somebody has seats in more than one role',
    rules: {
      'keep-all': 'all of them stay',
      'keep-first': 'the earliest stays, the others become cancelled registrations',
      'keep-last': 'the latest stays, the others become cancelled registrations',
      stop,
    },
  },
  'role-differs': {
    means:
      'The list of one role and a document for another role are all that is left of one user: one person, one seat',
    rules: { document: 'the role of the document counts', array: 'the role of the list counts', stop },
  },
  'status-differs': {
    means: 'The document says that somebody waits who stands in the list of signups of that role',
    rules: { document: 'they wait', array: 'they have the seat', stop },
  },
  'over-capacity': {
    means: 'More seats are taken in a role than it has',
    rules: {
      keep: 'all keep their seats; the role stays over-full',
      waitlist: 'those who came last wait',
      stop,
    },
  },
  'notes-differ': {
    means:
      'The notes, or special requirements, of the document and of the list differ; what only one of them has is no difference, and counts',
    rules: { document: "the document's count", array: "the list's count", stop },
  },
  'unknown-role': {
    means: 'A registration document names a role that the event does not have',
    rules: { stop, drop: 'no registration', 'add-role': 'the event gets that role, with no seats to give' },
  },
  'unknown-user': {
    means: 'A signup of somebody who is not in the collection of users',
    rules: { keep: 'as if they were known', drop: 'no registration', stop },
  },
  'unknown-status': {
    means: 'A registration document whose status the mapping does not name',
    rules: { stop, drop: 'no registration' },
  },
  'event-status-unknown': {
    means: 'The status of the event is none that the mapping names',
    rules: { stop, closed: 'the event is closed: nobody can sign up' },
  },
  'signed-up-wrong': {
    means: "The event's number of signups is not that of the entries of its lists",
    rules: { recount: 'Rollcall counts; the number is not used' },
  },
  'total-slots-wrong': {
    means: "The event's number of seats is not the sum of those of its roles",
    rules: { recount: 'Rollcall counts; the number is not used' },
  },
  'date-text': {
    means: 'A date of a registration is a text or a number',
    rules: {
      parse: 'it is read as ISO 8601 or as milliseconds, without an offset in the time zone of the event',
      stop,
    },
  },
  'date-unusable': {
    means: 'The date of a registration is missing, no date, or not between 1970 and 9999',
    rules: {
      created: 'when the document was created, else the time within its ObjectId, else that of the event',
      stop,
    },
  },
  'user-id-unusable': {
    means: 'A signup without a user, or of one whose id can be none in Rollcall',
    rules: { stop, drop: 'no registration' },
  },
  'registration-id-unusable': {
    means: 'A registration document whose _id can be none, or is also that of another',
    rules: { stop, drop: 'no registration, of none of them' },
  },
  'field-unusable': {
    means: 'A field is missing or of the wrong type that has a default',
    rules: { default: asDefault, stop },
  },
  'text-changed': {
    means: 'A text is too long, or holds control characters or broken ones',
    rules: { cut: 'it is cut to what Rollcall takes', stop },
  },
  'event-time-unusable': {
    means: 'Date or time of the event are missing, none, or not between 1970 and 9999',
    rules: { stop },
  },
  'event-end': {
    means: 'The event has no end, or one that is not after its start',
    rules: {
      estimate:
        'an end before the start, without a date of its own, is on the next day; else the default duration counts',
      stop,
    },
  },
  'event-id-unusable': { means: 'The _id of the event can be none', rules: { stop } },
  'organizer-unusable': {
    means: 'The event names no organizer whose id can be one in Rollcall',
    rules: { default: "the mapping's default organizer; without one, the event is not migrated", stop },
  },
  'capacity-unusable': {
    means: 'The capacity of a role is missing, or no whole number from 0 to 1000000',
    rules: { stop, unlimited: 'as many as are wanted' },
  },
  'role-missing-id': { means: 'A role without an id, or that is no document', rules: { stop } },
  'role-id-repeat': { means: 'Two roles with the same id', rules: { stop } },
  'role-name-repeat': {
    means: 'Two roles with the same name',
    rules: { number: "the second becomes 'name (2)'", stop },
  },
  'too-many-roles': { means: 'More roles than an event may have', rules: { stop } },
  'history-unusable': {
    means: 'Lines of an action history that can not be read, or are too many',
    rules: { drop: 'they are left out', stop },
  },
  'waiting-beside-seat': {
    means: 'Somebody waits for a role that has a free seat',
    rules: { promote: 'they get it when the event opens in Rollcall' },
  },
} as const satisfies Readonly<Record<string, Kind>>;

export type FindingKind = keyof typeof kinds;
export type RuleOf<K extends FindingKind> = keyof (typeof kinds)[K]['rules'] & string;
export type Rules = { readonly [K in FindingKind]: RuleOf<K> };
export type Rule = Rules[FindingKind];

export const findingKinds = Object.keys(kinds) as readonly FindingKind[];

/** The rules of a kind, the default one first. */
export const rulesOf = (kind: FindingKind): readonly string[] => Object.keys(kinds[kind].rules);

export function meaningOfRule(kind: FindingKind, rule: string): string {
  const rules: Readonly<Record<string, string>> = kinds[kind].rules;
  return rules[rule] ?? '';
}
