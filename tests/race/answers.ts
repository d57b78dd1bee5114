import type { Answer, Rejection } from '@rollcall/domain';
import { expect } from 'vitest';
import type { Seen } from './stage.ts';

/** What a client was told is what the journal says: nothing else, and no less. */
export function expectTrueAnswer({ wish, reply, commandId }: Seen, answer: Answer | undefined): void {
  const { status, body } = reply;
  if (answer === undefined) {
    throw new Error(`${wish.path} was answered ${status}, and not decided: ${JSON.stringify(body)}`);
  }
  if (status === 202) {
    // Nothing is promised but that it is decided.
    const { eventId } = answer;
    expect(body).toEqual({ commandId, eventId, status: 'pending', ahead: expect.any(Number) as number });
    return;
  }
  const due = dueFor(answer);
  expect({ wish, status, body: due.problem === undefined ? body : factsOf(body) }).toEqual({
    wish,
    status: due.status,
    body: due.body,
  });
  if (due.problem !== undefined) expect(String(body['type']).split('/').at(-1)).toBe(due.problem);
}

interface Due {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly problem?: Rejection['reason'];
}

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
      const { reason, ...facts } = result.rejection;
      const told = Object.entries(facts).map(([name, fact]) => toldFact(reason, name, fact));
      return {
        status: reason.endsWith('-not-found') ? 404 : 409,
        body: { commandId, version, ...Object.fromEntries(told) },
        problem: reason,
      };
    }
  }
}

/** A fact as a problem document tells it: times are RFC 3339, and its own `status` is that of HTTP. */
function toldFact(reason: Rejection['reason'], name: string, fact: unknown): readonly [string, unknown] {
  if (name.endsWith('At')) return [name, new Date(Number(fact)).toISOString()];
  if (name !== 'status') return [name, fact];
  return [reason === 'event-not-open' ? 'eventStatus' : 'registrationStatus', fact];
}

function factsOf(problem: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { type: _type, title: _title, status: _status, detail: _detail, instance: _instance, ...facts } = problem;
  return facts;
}
