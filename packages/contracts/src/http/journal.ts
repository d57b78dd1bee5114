import {
  reasons,
  type DomainEvent,
  type JournalEntry,
  type Reason,
  type Rejection,
  type WithTimes,
} from '@rollcall/domain';
import { Type, type Static } from 'typebox';
import { commandIdSchema, eventIdSchema, registrationIdSchema, roleIdSchema, userIdSchema } from '../ids.ts';
import { commandTypeMeanings, domainEventMeanings } from './journal-words.ts';
import { limits } from './limits.ts';
import { closed, timestampSchema, wordOf } from './parts.ts';

const version = Type.Integer({ description: 'The number of the decision: from 1, without gaps' });

export const journalQuerySchema = Type.Object(
  {
    after: Type.Integer({
      minimum: 0,
      maximum: Number.MAX_SAFE_INTEGER,
      default: 0,
      description: 'A version: nextAfter of the page before, or 0 for the beginning',
    }),
    limit: Type.Integer({ minimum: 1, maximum: limits.journalPageSizeMax, default: limits.journalPageSizeDefault }),
  },
  closed,
);

/** What one says besides depends on its type, and is told in docs/decisions.md. */
const domainEventsOf = (description: string) =>
  Type.Unsafe<readonly WithTimes<DomainEvent, string>[]>({
    type: 'array',
    description,
    items: {
      type: 'object',
      required: ['type'],
      properties: { type: wordOf(Object.keys(domainEventMeanings)) },
      additionalProperties: true,
    },
  });

const rejectionSchema = Type.Unsafe<WithTimes<Rejection, string>>({
  type: 'object',
  required: ['reason'],
  properties: { reason: wordOf(Object.keys(reasons) as Reason[]) },
  additionalProperties: true,
  description: 'Of a refusal: why, and the facts behind it',
});

const causationIdSchema = Type.Unsafe<Static<typeof commandIdSchema>>({
  ...commandIdSchema,
  description: 'Of a step of something larger: the command that it follows from',
});

const commandTypeSchema = wordOf(Object.keys(commandTypeMeanings) as JournalEntry['commandType'][]);

const actorKindSchema = wordOf(
  ['user', 'staff', 'system', 'unknown'],
  'Who asked: system is Rollcall itself, when time has passed; unknown where the command could not be read',
);

export const journalItemSchema = Type.Object(
  {
    version,
    commandId: commandIdSchema,
    causationId: Type.Optional(causationIdSchema),
    type: commandTypeSchema,
    actor: Type.Object({ kind: actorKindSchema, userId: Type.Optional(userIdSchema) }),
    acceptedAt: timestampSchema,
    decidedAt: timestampSchema,
    outcome: wordOf(['accepted', 'rejected']),
    rejection: Type.Optional(rejectionSchema),
    domainEvents: Type.Optional(domainEventsOf('Of an accepted command: what happened, in order')),
  },
  { title: 'Decision' },
);
export type JournalItem = Static<typeof journalItemSchema>;

export const journalPageSchema = Type.Object(
  {
    items: Type.Array(journalItemSchema),
    nextAfter: Type.Integer({ description: 'The `after` to ask with next; as it was while nothing is new' }),
  },
  { title: 'Journal' },
);
export type JournalPage = Static<typeof journalPageSchema>;

export const historyQuerySchema = Type.Object(
  {
    at: Type.Optional(
      Type.String({
        ...timestampSchema,
        description: 'As of this time, by when decisions were made; as of now without it',
      }),
    ),
    userId: Type.Optional(
      Type.Unsafe<Static<typeof userIdSchema>>({
        ...userIdSchema,
        description: 'Only the places of this user, and every decision that they asked for or that touched them',
      }),
    ),
  },
  closed,
);

/** One line of a history: first the event, then each place, then, of one user, each decision that led there. */
export const historyLineSchema = Type.Union(
  [
    Type.Object({
      type: Type.Literal('event'),
      eventId: eventIdSchema,
      version: Type.Integer({ description: 'Of the last decision that is told of; 0 when there was none by then' }),
      decidedAt: Type.Optional(timestampSchema),
    }),
    Type.Object({
      type: Type.Literal('place'),
      registrationId: registrationIdSchema,
      userId: userIdSchema,
      roleId: roleIdSchema,
      standing: wordOf(['confirmed', 'waitlist', 'offered']),
      waitlistPosition: Type.Optional(Type.Integer({ description: 'From 1; only while it stands in line' })),
      sequence: Type.Integer({ description: 'By which lines are ordered' }),
      sinceVersion: Type.Integer({ description: 'Of the decision that changed it last' }),
    }),
    Type.Object({
      type: Type.Literal('decision'),
      version,
      commandId: commandIdSchema,
      causationId: Type.Optional(causationIdSchema),
      decidedAt: timestampSchema,
      commandType: commandTypeSchema,
      actor: actorKindSchema,
      facts: domainEventsOf('What happened to this user'),
      rejection: Type.Optional(rejectionSchema),
    }),
  ],
  { title: 'HistoryLine' },
);
export type HistoryLine = Static<typeof historyLineSchema>;
