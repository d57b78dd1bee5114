import { isDeepStrictEqual } from 'node:util';
import type { Violation } from '@rollcall/checkers';
import { problemCodeOf } from '@rollcall/contracts/http';
import { answerOf, mapTimes, type Answer, type CommandId, type JournalEntry, type Rejection } from '@rollcall/domain';

/** A reply that tells of a decision: 200, 201, 404 or 409. */
export interface DecidedReply {
  readonly commandId: CommandId;
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Each reply is what the journal says, nothing else and no less. */
export function checkReplies(entries: readonly JournalEntry[], replies: readonly DecidedReply[]): readonly Violation[] {
  const decided = new Map(entries.map((entry) => [entry.commandId, entry]));
  return replies.flatMap((reply) => untrueOf(reply, decided.get(reply.commandId)));
}

function untrueOf({ commandId, status, body }: DecidedReply, entry: JournalEntry | undefined): readonly Violation[] {
  const said = `${commandId} was answered ${status} ${JSON.stringify(body)}`;
  if (entry === undefined) return [{ check: 'answers', message: `${said}, and is not decided` }];
  const due = dueFor(answerOf(entry));
  const code = problemCodeOf(body);
  const facts = due.code === undefined ? body : factsOf(body);
  if (status === due.status && code === due.code && isDeepStrictEqual(facts, due.body)) return [];
  const instead = `${due.status} ${JSON.stringify(due.code === undefined ? due.body : { code: due.code, ...due.body })}`;
  return [{ check: 'answers', version: entry.version, message: `${said}, and the journal says ${instead}` }];
}

interface Due {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly code?: Rejection['reason'];
}

/** How HTTP tells it: 201 for what is new, 200 for other changes, 404 for what is not there, and 409 for other refusals. */
function dueFor({ eventId, commandId, version, result }: Answer): Due {
  const decided = { commandId, eventId, version };
  switch (result.kind) {
    case 'registered': {
      const { kind: _, ...registration } = result;
      return { status: 201, body: { ...decided, ...registration } };
    }
    case 'seated': {
      const { kind: _, ...registration } = result;
      return { status: 200, body: { ...decided, ...registration } };
    }
    case 'cancelled':
      return { status: 200, body: { ...decided, registrationId: result.registrationId, status: 'cancelled' } };
    case 'role-added':
      return { status: 201, body: { ...decided, status: 'accepted', roleId: result.roleId } };
    case 'created':
    case 'changed':
    case 'erased':
      return { status: 200, body: { ...decided, status: 'accepted' } };
    case 'previewed': {
      const { effects, complete } = result;
      return { status: 200, body: { ...decided, status: 'accepted', dryRun: true, effects, complete } };
    }
    case 'rejected': {
      const { reason, ...facts } = mapTimes(result.rejection, (time) => new Date(time).toISOString());
      const told = Object.entries(facts).map(([name, fact]) => [factName(reason, name), fact] as const);
      return {
        status: reason.endsWith('-not-found') ? 404 : 409,
        body: { commandId, version, ...Object.fromEntries(told) },
        code: reason,
      };
    }
  }
}

/** A problem document has a `status` of its own, which is that of HTTP. */
function factName(reason: Rejection['reason'], name: string): string {
  if (name !== 'status') return name;
  return reason === 'event-not-open' ? 'eventStatus' : 'registrationStatus';
}

function factsOf(problem: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { type: _type, title: _title, status: _status, detail: _detail, instance: _instance, ...facts } = problem;
  return facts;
}
