import { problemCodeOf } from '@rollcall/contracts/http';
import { parseCommandId, type CommandId } from '@rollcall/domain';
import type { Reply } from './http/exchange.ts';
import type { DecidedReply } from './judge/check-replies.ts';

export type Outcome =
  | { readonly kind: 'decided'; readonly told: DecidedReply }
  | { readonly kind: 'pending'; readonly commandId: CommandId; readonly ahead: number; readonly afterMs: number }
  /** Come again later, with the same key. `isTurnedAway`: the server said so; else there was no answer at all. */
  | { readonly kind: 'again'; readonly afterMs: number; readonly isTurnedAway: boolean }
  /** What nobody should be told. */
  | { readonly kind: 'wrong' };

/** Where the server does not say when to come again. */
const afterMsDefault = 1000;

const afterMsOf = ({ retryAfterSeconds }: Reply): number =>
  retryAfterSeconds === undefined ? afterMsDefault : retryAfterSeconds * 1000;

/** What an answer to a command means to whoever sent it. */
export function outcomeOf(reply: Reply): Outcome {
  const { status } = reply;
  if (status === 0) return { kind: 'again', afterMs: afterMsDefault, isTurnedAway: false };
  if (status === 429 || status === 503) return { kind: 'again', afterMs: afterMsOf(reply), isTurnedAway: true };
  const body = recordOf(reply.body);
  const commandId = commandIdOf(body);
  if (body === undefined || commandId === undefined) return { kind: 'wrong' };
  if (status === 202) return { kind: 'pending', commandId, ahead: Number(body['ahead']), afterMs: afterMsOf(reply) };
  // With a version it is a decision; without one, something that was found before anybody was asked.
  if (!decisions.has(status) || typeof body['version'] !== 'number') return { kind: 'wrong' };
  return { kind: 'decided', told: { commandId, status, body } };
}

const decisions: ReadonlySet<number> = new Set([200, 201, 404, 409]);

/** What an answer to the question what became of a command means. */
export function outcomeOfPoll(reply: Reply): Outcome {
  if (reply.status !== 200) {
    const outcome = outcomeOf(reply);
    return outcome.kind === 'again' ? outcome : { kind: 'wrong' };
  }
  const body = recordOf(reply.body);
  const commandId = commandIdOf(body);
  if (body === undefined || commandId === undefined) return { kind: 'wrong' };
  const { eventId, version } = body;
  const decided = { commandId, eventId, version };
  switch (body['status']) {
    case 'pending':
      return { kind: 'pending', commandId, ahead: Number(body['ahead']), afterMs: afterMsOf(reply) };
    case 'accepted': {
      const { kind, ...result } = recordOf(body['result']) ?? {};
      return { kind: 'decided', told: { commandId, ...asAnswered(kind, decided, result) } };
    }
    case 'rejected': {
      const problem = recordOf(body['problem']) ?? {};
      const told = { commandId, status: Number(problem['status']), body: { ...problem, commandId, version } };
      return { kind: 'decided', told };
    }
    default:
      return { kind: 'wrong' };
  }
}

type Facts = Readonly<Record<string, unknown>>;

/** As the same decision is told to whoever waits for it. */
function asAnswered(kind: unknown, decided: Facts, result: Facts): { readonly status: number; readonly body: Facts } {
  if (kind === 'registered') return { status: 201, body: { ...decided, ...result } };
  if (kind === 'role-added') return { status: 201, body: { ...decided, status: 'accepted', ...result } };
  if (kind === 'seated') return { status: 200, body: { ...decided, ...result } };
  if (kind === 'cancelled') return { status: 200, body: { ...decided, ...result, status: 'cancelled' } };
  return { status: 200, body: { ...decided, status: 'accepted', ...result } };
}

/** As answers are counted: `201`, `409 role-full`, `no answer`. */
export function labelOf({ status, body }: Reply): string {
  if (status === 0) return 'no answer';
  const code = status < 400 ? undefined : problemCodeOf(recordOf(body) ?? {});
  return code === undefined ? String(status) : `${status} ${code}`;
}

function recordOf(value: unknown): Facts | undefined {
  return typeof value === 'object' && value !== null ? (value as Facts) : undefined;
}

function commandIdOf(body: Facts | undefined): CommandId | undefined {
  const id = body?.['commandId'];
  return typeof id === 'string' ? parseCommandId(id) : undefined;
}
