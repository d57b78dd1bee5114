import { isErasedId, type Answer, type Command, type EventId, type Registration } from '@rollcall/domain';
import type { NewCommand } from '@rollcall/engine';
import {
  commandIdNamed,
  newCommandOf,
  nextOfStory,
  openEvent,
  signUp,
  type NaiveRow,
  type Scene,
} from '@rollcall/testkit';
import type { Api, Outcome } from './api.ts';
import type { MongoServer } from './mongo.ts';
import type { RunRecord } from './record.ts';
import type { Scheduler } from './scheduler.ts';

export interface PeopleOptions {
  readonly scheduler: Scheduler;
  readonly epoch: number;
  readonly mongo: MongoServer;
  /** The APIs that are up, of which somebody takes any. */
  readonly apis: () => readonly Api[];
  readonly record: RunRecord;
  /** Whether most of them want a seat, each for the first time. */
  readonly isCrowd: boolean;
}

/** Who sends commands and waits for what becomes of them. */
export interface People {
  /** Begins a command about the event that somebody who sees it would send now. */
  begin(eventId: EventId): void;
  /** Commands whose senders still wait. */
  readonly waiting: number;
}

/** A client gives up on a request after so long, in ms; and on a command after so many requests. */
const requestMsMax = 5_000;
const requestsMax = 40;

type Heard = Outcome | { readonly kind: 'nothing' };

export function createPeople({ scheduler, epoch, mongo, apis, record, isCrowd }: PeopleOptions): People {
  const { dice } = scheduler;
  let [waiting, sent] = [0, 0];

  /** Of a request whose API dies nothing is heard. */
  function within<T>(answering: Promise<T>): Promise<T | { readonly kind: 'nothing' }> {
    return new Promise((resolve) => {
      const appointment = scheduler.after(requestMsMax, () => resolve({ kind: 'nothing' }));
      const end = (value: T | { readonly kind: 'nothing' }) => {
        appointment.cancelled = true;
        resolve(value);
      };
      answering.then(end, () => end({ kind: 'nothing' }));
    });
  }

  function tell(answer: Answer): void {
    record.told.push({ at: scheduler.now(), answer });
  }

  function taken(command: NewCommand): void {
    const about = record.sent.get(command.commandId);
    if (about !== undefined) about.takenAt ??= scheduler.now();
  }

  /** One request, and what is heard of it. */
  async function ask(command: NewCommand): Promise<Heard> {
    const up = apis();
    if (up.length === 0) return { kind: 'nothing' };
    const heard = await within(dice.pick(up).submit(command, dice.percent(60) ? 1_000 + dice.below(2_000) : 0));
    if (heard.kind === 'decided') tell(heard.answer);
    if (heard.kind === 'pending') taken(command);
    if (heard.kind === 'key-reused') record.violations.push(`${command.commandId} was sent with one body only`);
    return heard;
  }

  /** Until it is decided, or nobody knows of it. */
  async function follow(command: NewCommand): Promise<'decided' | 'unknown' | 'nothing'> {
    for (let request = 0; request < requestsMax; request += 1) {
      await scheduler.pause(500 + dice.below(3_000));
      const up = apis();
      if (up.length === 0) continue;
      const found = await within(dice.pick(up).find(command.eventId, command.commandId));
      if (found.kind === 'unknown') return found.kind;
      if (found.kind !== 'decided') continue;
      tell(found.answer);
      return found.kind;
    }
    return 'nothing';
  }

  async function send(command: NewCommand): Promise<void> {
    for (let request = 0; request < requestsMax; request += 1) {
      const heard = await ask(command);
      if (heard.kind === 'decided' || heard.kind === 'key-reused') return;
      if (heard.kind === 'pending' && (await follow(command)) !== 'unknown') return;
      // Without a key a repeat would be another command.
      if (!command.keyed) return;
      await scheduler.pause(50 + dice.below(500));
    }
  }

  return {
    get waiting() {
      return waiting;
    },
    begin(eventId) {
      sent += 1;
      const scene = sceneOf(mongo, eventId, {
        dice,
        from: epoch,
        at: epoch + scheduler.now(),
        commandId: commandIdNamed(`n${sent}`),
      });
      const next = { ...think(scene, isCrowd), eventId };
      // The API knows them, and lets nobody be one.
      if (namesErased(next)) return;
      const command: NewCommand = {
        ...newCommandOf(next),
        keyed: dice.percent(85),
      };
      record.sent.set(command.commandId, { eventId, takenAt: undefined });
      // Some click twice.
      for (let clicks = command.keyed && dice.percent(8) ? 2 : 1; clicks > 0; clicks -= 1) {
        waiting += 1;
        void send(command).finally(() => (waiting -= 1));
      }
    },
  };
}

/** Mostly somebody who wants a seat, where there is a crowd; else anything that is told in stories. */
function think(scene: Scene, isCrowd: boolean): Command {
  const { dice, event, commandId, at } = scene;
  if (event?.status === 'draft' && dice.percent(isCrowd ? 5 : 50)) return openEvent({ commandId, at });
  const role = event?.roles[0] === undefined ? undefined : dice.pick(event.roles).roleId;
  const isNewcomer = isCrowd && role !== undefined && dice.percent(85);
  return isNewcomer ? signUp(`user-${dice.below(1_000_000)}`, { commandId, at, role }) : nextOfStory(scene);
}

const namesErased = ({ actor, ...body }: Command): boolean =>
  (actor.kind !== 'system' && isErasedId(actor.userId)) || (body.type === 'SignUp' && isErasedId(body.userId));

/** The event as somebody sees it who looks at it now. */
function sceneOf(
  { database }: MongoServer,
  eventId: EventId,
  own: Pick<Scene, 'dice' | 'from' | 'at' | 'commandId'>,
): Scene {
  const current = database.documents().get(eventId)?.current;
  if (current === undefined) return { ...own, event: undefined, rows: [] };
  const { status, settings, pools } = current;
  const roles = [...current.roles.values()].map(({ role }) => role);
  return { ...own, event: { status, settings, pools, roles }, rows: database.registrations(eventId).map(rowOf) };
}

function rowOf(registration: Registration): NaiveRow {
  const { registrationId, userId, roleId, status, sequence } = registration;
  return {
    registrationId,
    userId,
    roleId,
    status,
    sequence,
    replaces: registration.status === 'waitlist' ? registration.replaces : undefined,
    offerExpiresAt: registration.status === 'waitlist' ? registration.offer?.expiresAt : undefined,
    attendedAt: registration.status === 'confirmed' ? registration.attendedAt : undefined,
  };
}
