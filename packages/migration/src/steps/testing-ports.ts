import type { RegistrationId } from '@rollcall/domain';
import type { ImportCommand, StatementBody } from '../commands.ts';
import { eventIdOf } from '../ids.ts';
import { isObjectId, legacyIdOf, type LegacyDocument, type LegacyEvent, type LegacyId } from '../legacy.ts';
import { LegacyChangesLost, type LegacyChange, type LegacyResumePoint, type LegacyStore } from '../ports.ts';
import { applied } from '../testing-rollcall.ts';
import { fieldOf, isDocument } from '../settle/values.ts';
import type { HeldEvent } from '../wanted.ts';
import type {
  EventProgress,
  MigrationPoint,
  MigrationPorts,
  MigrationState,
  MirrorOriginal,
  Phase,
  RollcallSide,
  RunState,
} from './ports.ts';

/** What ends a process in a test. */
export class Killed extends Error {
  override readonly name = 'Killed';
}

type PortName = 'legacy' | 'rollcall' | 'state';

/** Both worlds in memory. Every call of a port takes a turn, so whatever others do comes between. */
export class World {
  readonly events = new Map<LegacyId, LegacyDocument>();
  readonly registrations = new Map<LegacyId, LegacyDocument>();
  readonly users = new Map<LegacyId, LegacyDocument>();
  readonly frozen = new Set<LegacyId>();
  readonly held = new Map<string, HeldEvent>();
  run: RunState = {};
  readonly progress = new Map<LegacyId, EventProgress>();
  readonly originals = new Map<LegacyId, MirrorOriginal>();
  /** All calls of ports and points that were reached, as `legacy.freeze` and `@cutover-frozen`. */
  readonly calls: string[] = [];
  readonly warnings: string[] = [];
  clock = Date.UTC(2025, 0);

  /** Called before each call of a port; what it throws is what the port fails with. */
  before: (call: string, args: readonly unknown[]) => unknown = () => undefined;
  after: (call: string, args: readonly unknown[]) => unknown = () => undefined;
  /** Rollcall's changes that a mirror follows. */
  readonly changed: LegacyId[] = [];
  #killAt: { readonly point: MigrationPoint; times: number } | undefined;
  #isDead = false;
  readonly #changes: LegacyChange[] = [];
  /** Changes before this one are not kept any more. */
  #oldest = 0;
  #waiting: { readonly at: number; readonly wake: () => void }[] = [];

  /** The process ends there: nothing that it asks for is done any more. */
  killAt(point: MigrationPoint, times = 1): void {
    this.#killAt = { point, times };
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  /** The process is started again. */
  revive(): void {
    this.#isDead = false;
    this.#killAt = undefined;
  }

  /** The old application writes; it is refused what is frozen. */
  write(collection: 'events' | 'registrations', document: LegacyDocument): void {
    const id = idOf(document);
    const documents = this[collection];
    const eventId = collection === 'events' ? id : legacyIdOf(document['eventId']);
    if (eventId !== undefined && this.frozen.has(eventId)) throw new Error('Document failed validation');
    const operation = documents.has(id) ? 'replace' : 'insert';
    documents.set(id, document);
    this.#tell({ collection, operation, eventId, registrationId: collection === 'events' ? undefined : id });
  }

  /** Deletes get past a freeze, and do not say of which event a registration was. */
  remove(collection: 'events' | 'registrations', id: LegacyId): void {
    this[collection].delete(id);
    const isEvent = collection === 'events';
    this.#tell({
      collection,
      operation: 'delete',
      eventId: isEvent ? id : undefined,
      registrationId: isEvent ? undefined : id,
    });
  }

  /** The old system keeps nothing of its changes so far. */
  forgetChanges(): void {
    this.#oldest = this.#changes.length;
  }

  #tell(change: Omit<LegacyChange, 'at'>): void {
    this.#changes.push({ ...change, at: this.clock });
  }

  heldOf(legacyId: LegacyId): HeldEvent | undefined {
    return this.held.get(eventIdOf(legacyId));
  }

  /** Something happens in Rollcall. */
  change(legacyId: LegacyId, change: (held: HeldEvent) => HeldEvent): void {
    const held = this.heldOf(legacyId);
    if (held === undefined) throw new Error('Rollcall has no such event');
    this.held.set(eventIdOf(legacyId), { ...change(held), version: held.version + 1 });
    this.changed.push(legacyId);
  }

  /** Lets time pass, pause by pause, until it is done. */
  async until<T>(work: Promise<T>): Promise<T> {
    let isDone = false;
    const watched = work.finally(() => {
      isDone = true;
    });
    watched.catch(() => undefined);
    for (let step = 0; step < stepsMax; step += 1) {
      await turn();
      if (isDone) return watched;
      if (step % 2 === 1) this.#wakeNext();
    }
    throw new Error('it does not come to an end');
  }

  #wakeNext(): void {
    const next = this.#waiting.reduce<number>((least, { at }) => Math.min(least, at), Number.POSITIVE_INFINITY);
    if (next === Number.POSITIVE_INFINITY) return;
    this.clock = Math.max(this.clock, next);
    const woken = this.#waiting.filter(({ at }) => at <= next);
    this.#waiting = this.#waiting.filter(({ at }) => at > next);
    for (const { wake } of woken) wake();
  }

  #pause(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true) return Promise.resolve();
    return new Promise((resolve) => {
      const entry = { at: this.clock + ms, wake: resolve };
      this.#waiting.push(entry);
      const onAbort = () => {
        this.#waiting = this.#waiting.filter((one) => one !== entry);
        resolve();
      };
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }

  #reach = (point: MigrationPoint): void => {
    this.calls.push(`@${point}`);
    const kill = this.#killAt;
    if (kill?.point !== point) return;
    kill.times -= 1;
    if (kill.times > 0) return;
    this.#isDead = true;
    throw new Killed(point);
  };

  get ports(): MigrationPorts {
    return {
      legacy: this.#legacy(),
      rollcall: this.#guarded('rollcall', this.#rollcall()),
      state: this.#state(),
      observer: {
        progress: () => undefined,
        warned: (message) => this.warnings.push(message),
      },
      now: () => this.clock,
      pause: (ms, signal) => this.#pause(ms, signal),
      reach: this.#reach,
    };
  }

  async #enter(call: string, args: readonly unknown[]): Promise<void> {
    if (this.#isDead) throw new Killed(call);
    this.calls.push(call);
    await this.before(call, args);
    if (this.#isDead) throw new Killed(call);
  }

  /** Each function of it goes through `before` and `after`; streams are left as they are. */
  #guarded<Port extends object>(name: PortName, port: Port): Port {
    const guarded = Object.entries(port).map(([method, act]) => [
      method,
      async (...args: readonly unknown[]) => {
        const call = `${name}.${method}`;
        await this.#enter(call, args);
        const result: unknown = await (act as (...args: readonly unknown[]) => unknown)(...args);
        await this.after(call, args);
        return result;
      },
    ]);
    return Object.fromEntries(guarded) as Port;
  }

  #rollcall(): RollcallSide {
    const { held } = this;
    return {
      heads: async (eventIds) =>
        new Map(
          eventIds.flatMap((eventId) => {
            const found = held.get(eventId);
            return found === undefined ? [] : [[eventId, found]];
          }),
        ),
      readHeld: async (eventId) => held.get(eventId),
      apply: async (eventId, version, commands) => {
        const before = held.get(eventId);
        this.#reach('import-before-commit');
        if ((before?.version ?? 0) !== version) return { kind: 'moved' };
        const after = commands.reduce(appliedAny, before);
        if (after !== undefined) held.set(eventId, after);
        this.#reach('import-after-commit');
        return { kind: 'applied', version: after?.version ?? 0 };
      },
      eventsOf: async (registrations) =>
        [...this.progress.values()]
          .filter(({ eventId }) =>
            held
              .get(eventId)
              ?.registrations.some(({ legacyId }) => legacyId !== undefined && registrations.includes(legacyId)),
          )
          .map(({ legacyId }) => legacyId),
      changedEvents: async (signal) => this.#follow(signal),
      removeImported: async (eventId) => {
        if (held.get(eventId)?.importing === false) return false;
        held.delete(eventId);
        return true;
      },
    };
  }

  async *#follow(signal: AbortSignal): AsyncGenerator<readonly LegacyId[]> {
    while (!signal.aborted) {
      const legacyId = this.changed.shift();
      if (legacyId === undefined) await this.#pause(1_000, signal);
      else yield [legacyId];
    }
  }

  #state(): MigrationState {
    const { progress, originals } = this;
    return {
      ...this.#guarded<Omit<MigrationState, 'list'>>('state', {
        readRun: async () => this.run,
        patchRun: async (changes) => {
          this.run = { ...this.run, ...changes };
        },
        find: async (legacyIds) =>
          new Map(
            legacyIds.flatMap((legacyId) => {
              const found = progress.get(legacyId);
              return found === undefined ? [] : [[legacyId, found] as const];
            }),
          ),
        put: async (one) => {
          progress.set(one.legacyId, one);
        },
        putFrom: async (phase, one) => {
          if (progress.get(one.legacyId)?.phase !== phase) return false;
          progress.set(one.legacyId, one);
          return true;
        },
        remove: async (legacyId) => {
          progress.delete(legacyId);
        },
        countByPhase: async () => {
          const counts = new Map<Phase, number>();
          for (const { phase } of progress.values()) counts.set(phase, (counts.get(phase) ?? 0) + 1);
          return counts;
        },
        keepOriginal: async (legacyId, original) => {
          if (!originals.has(legacyId)) originals.set(legacyId, original);
        },
        findOriginal: async (legacyId) => originals.get(legacyId),
        dropOriginal: async (legacyId) => {
          originals.delete(legacyId);
        },
      }),
      list: (wanted) => this.#list(wanted),
    };
  }

  async *#list(wanted: readonly Phase[]): AsyncGenerator<EventProgress> {
    await this.#enter('state.list', [wanted]);
    for (const legacyId of [...this.progress.keys()].toSorted()) {
      const found = this.progress.get(legacyId);
      if (found !== undefined && wanted.includes(found.phase)) yield found;
    }
  }

  #legacy(): LegacyStore {
    const notHere = () => Promise.reject(new Error('not in memory'));
    return {
      ...this.#guarded<Omit<LegacyStore, 'eventIds' | 'orphans' | 'changes'>>('legacy', {
        check: async () => undefined,
        countEvents: async () => this.events.size,
        countRegistrations: async () => this.registrations.size,
        readEvents: async (ids) => ids.flatMap((legacyId) => this.#read(legacyId)),
        existing: async (ids) => new Set(ids.filter((legacyId) => this.events.has(legacyId))),
        usersBy: async (field, texts) =>
          new Map([...this.users].filter(([, user]) => texts.includes(String(fieldOf(user, field))))),
        now: async () => String(this.#changes.length) as LegacyResumePoint,
        freeze: async (ids) => {
          for (const legacyId of ids) this.frozen.add(legacyId);
        },
        unfreeze: async (ids) => {
          for (const legacyId of ids) this.frozen.delete(legacyId);
        },
        freezeAll: notHere,
        unfreezeAll: notHere,
        frozen: notHere,
        ownValidators: notHere,
        apply: async ({ event, inserts, updates, deletes }) => {
          for (const document of inserts) this.registrations.set(idOf(document), document);
          for (const change of updates) changeIn(this.registrations, change);
          for (const id of deletes) this.registrations.delete(legacyIdOf(id) ?? ('' as LegacyId));
          if (event !== undefined) changeIn(this.events, event);
        },
        removeFields: async (ids, paths) => this.#removeFields(ids, paths),
        restoreFields: notHere,
        backup: notHere,
        restore: notHere,
      }),
      eventIds: () => this.#eventIds(),
      orphans: async function* () {
        // None in memory.
      },
      changes: (from, signal) => this.#follower(from, signal),
    };
  }

  #read(legacyId: LegacyId): LegacyEvent[] {
    const event = this.events.get(legacyId);
    if (event === undefined) return [];
    const registrations = [...this.registrations.values()].filter(({ eventId }) => legacyIdOf(eventId) === legacyId);
    return [{ legacyId, event, registrations, users: this.#named(event, registrations) }];
  }

  /** Those whom the event names, as the real store reads them. */
  #named(event: LegacyDocument, registrations: readonly LegacyDocument[]): ReadonlyMap<LegacyId, LegacyDocument> {
    const lists = rolesOf(event).flatMap((role) => role['currentSignups'] as readonly LegacyDocument[]);
    const named = new Set(
      [...registrations, ...lists].flatMap(({ userId, registeredBy }) => [
        legacyIdOf(userId),
        legacyIdOf(registeredBy),
      ]),
    );
    return new Map([...this.users].filter(([legacyId]) => named.has(legacyId)));
  }

  #removeFields(ids: readonly LegacyId[], paths: readonly string[]): number {
    for (const [legacyId, event] of this.events) {
      if (!ids.includes(legacyId)) continue;
      const roles = rolesOf(event).map((role) => without(role, 'currentSignups'));
      const kept = paths.includes('signedUp') ? without(event, 'signedUp') : event;
      this.events.set(legacyId, { ...kept, roles });
    }
    return ids.length;
  }

  async *#eventIds(): ReturnType<LegacyStore['eventIds']> {
    await this.#enter('legacy.eventIds', []);
    for (const [legacyId, event] of this.events) {
      yield { legacyId: legacyIdOf(event['_id']), position: legacyId as never, bytes: 1 };
    }
  }

  async *#follower(from: LegacyResumePoint, signal: AbortSignal): ReturnType<LegacyStore['changes']> {
    await this.#enter('legacy.changes', [from]);
    let place = Number(from);
    while (!signal.aborted) {
      if (this.#isDead) throw new Killed('legacy.changes');
      if (place < this.#oldest) throw new LegacyChangesLost('gone');
      const changes = this.#changes.slice(place);
      place = this.#changes.length;
      yield { changes, resumePoint: String(place) as LegacyResumePoint };
      if (changes.length === 0) await this.#pause(1_000, signal);
    }
  }
}

/** Turns that a test may take: more are a loop that has no end. */
const stepsMax = 20_000;

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

const idOf = (document: LegacyDocument): LegacyId => legacyIdOf(document['_id']) ?? ('unusable' as LegacyId);

const rolesOf = (event: LegacyDocument): readonly LegacyDocument[] =>
  Array.isArray(event['roles']) ? (event['roles'] as readonly unknown[]).filter(isDocument) : [];

const without = (document: LegacyDocument, field: string): LegacyDocument =>
  Object.fromEntries(Object.entries(document).filter(([name]) => name !== field));

interface Change {
  readonly id: unknown;
  readonly set?: Readonly<Record<string, unknown>>;
  readonly unset?: readonly string[];
}

function changeIn(documents: Map<LegacyId, LegacyDocument>, { id, set = {}, unset = [] }: Change): void {
  const legacyId = legacyIdOf(id);
  const before = legacyId === undefined ? undefined : documents.get(legacyId);
  if (legacyId === undefined || before === undefined) throw new Error('nothing to update');
  const after = copyOf(before) as Record<string, unknown>;
  for (const [path, value] of Object.entries(set)) setAt(after, path, value);
  for (const path of unset) setAt(after, path, undefined);
  documents.set(legacyId, after);
}

/** Dates and ids stay what they are, which `structuredClone` does not know. */
function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return (value as readonly unknown[]).map(copyOf);
  if (!isDocument(value) || isObjectId(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, copyOf(one)]));
}

function setAt(document: Record<string, unknown>, path: string, value: unknown): void {
  const names = path.split('.');
  const last = names.pop() ?? '';
  let place = document;
  for (const name of names) place = place[name] as Record<string, unknown>;
  if (value === undefined) delete place[last];
  else place[last] = value;
}

function appliedAny(held: HeldEvent | undefined, command: ImportCommand): HeldEvent | undefined {
  const { body } = command;
  switch (body.type) {
    case 'ImportEvent':
    case 'ImportRegistration':
      if (held?.importing === false) throw new Error('not-importing');
      return applied(held, [command as ImportCommand<StatementBody>]);
    case 'FinishImport':
      if (held?.importing !== true) throw new Error('not-importing');
      return { ...held, importing: false, status: body.status, version: held.version + 1 };
    case 'ResumeImport':
      if (held === undefined) throw new Error('unknown-event');
      return { ...held, importing: true, status: 'draft', version: held.version + 1 };
  }
}

/** Somebody signs up in Rollcall. */
export const signedUp =
  (userId: string, roleId: string, more: Partial<HeldEvent['registrations'][number]> = {}) =>
  (held: HeldEvent): HeldEvent => ({
    ...held,
    registrations: [
      ...held.registrations,
      {
        registrationId: `r${userId.padStart(22, '0').slice(-22)}` as RegistrationId,
        legacyId: undefined,
        userId: userId as never,
        roleId: roleId as never,
        status: 'confirmed',
        sequence: held.version + 1,
        registrationDate: Date.UTC(2025, 1),
        registeredBy: userId as never,
        ...more,
      },
    ],
  });
