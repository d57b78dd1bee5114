/** A safeguard of the write path, and the change that takes it away. */
export interface Safeguard {
  readonly name: string;
  readonly file: string;
  /** Stands there once. */
  readonly find: string;
  readonly replace: string;
  /** Part of the name of what harms real processes, where nothing in memory can miss it. */
  readonly chaos?: string;
}

const inMemory = 'packages/testkit/src/in-memory';
const engine = 'packages/engine/src';

/** Those of servers are taken from the servers in memory, which do what the scripts and statements of the real ones do. */
export const safeguards: readonly Safeguard[] = [
  {
    name: 'compare-and-set',
    file: `${inMemory}/commit.ts`,
    find: "if (before?.head.version !== expected?.version || before?.head.commitId !== expected?.commitId) return 'stale';",
    replace: '',
  },
  {
    name: 'commit id beside the version, in memory',
    file: `${engine}/memory.ts`,
    find: 'return a?.version === b?.version && a?.commitId === b?.commitId;',
    replace: 'return a?.version === b?.version;',
  },
  {
    name: 'event document first, then the rest',
    file: `${engine}/memory.ts`,
    find: '  const stored = await store.loadEvent(eventId);',
    replace: `  const early = await store.loadEvent(eventId);
  const counted = early && (await store.countRegistrations(eventId, [...early.current.roles.keys()]));
  const stored = await store.loadEvent(eventId);
  if (counted !== undefined) store = { ...store, countRegistrations: async () => counted };`,
  },
  {
    name: 'ledger look-up',
    file: `${engine}/ledger.ts`,
    find: 'if (!lookUp || fresh.size === 0)',
    replace: 'if (lookUp || !lookUp)',
  },
  {
    name: 'dedupe within a batch',
    file: `${engine}/ledger.ts`,
    find: 'else if (!fresh.has(commandIdOf(entry))) fresh.set(commandIdOf(entry), entry);',
    replace: 'else fresh.set(`${commandIdOf(entry)} ${entry.entryId}`, entry);',
  },
  {
    name: 'sweeper',
    file: `${engine}/sweeper.ts`,
    find: '  async function sweep(): Promise<void> {',
    replace: '  async function sweep(): Promise<void> {\n    if (watched.size === 0) return;',
  },
  {
    name: 'a wake-up kept while its event is worked on',
    file: 'tests/simulation/queue.ts',
    find: 'if (current !== undefined) current.isWanted = true;',
    replace: 'if (current !== undefined) return;',
  },
  {
    name: 'exact trim',
    file: `${inMemory}/mailbox.ts`,
    find: 'const left = streamOf(eventId).filter(({ entryId }) => !read.has(entryId));',
    replace:
      'const left = streamOf(eventId).slice(1 + streamOf(eventId).findLastIndex(({ entryId }) => read.has(entryId)));',
  },
  {
    name: 'trim after the commit alone',
    file: `${engine}/drain.ts`,
    find: '      if (!(await landed(attempt))) continue;\n      isolation.landed',
    replace: '      await landed(attempt);\n      isolation.landed',
  },
  {
    name: 'dirty mark until the mailbox is empty',
    file: `${inMemory}/mailbox.ts`,
    find: 'if (left.length === 0) dirty.delete(eventId);',
    replace: 'dirty.delete(eventId);',
  },
  {
    name: 'mailbox cap',
    file: `${inMemory}/mailbox.ts`,
    find: "if (ahead >= depthMax) return { kind: 'full' };",
    replace: '',
  },
  {
    name: 'set-if-newer',
    file: `${inMemory}/count-cache.ts`,
    find: 'if (before !== undefined && before.version >= counts.version) return false;',
    replace: '',
  },
  {
    name: 'relay',
    file: 'tests/simulation/worker.ts',
    find: '    await relay(ports, relayLimits, stop.signal);',
    replace: '    void [relay, ports, relayLimits];',
  },
  {
    name: 'an unknown commit is no success',
    file: `${engine}/attempt.ts`,
    find: '  const outcome = await ports.store.commit(batch);',
    replace:
      "  const said = await ports.store.commit(batch);\n  const outcome = said === 'unknown' ? 'committed' : said;",
  },
  {
    name: 'abandoned commits are ended',
    file: `${engine}/recover.ts`,
    find: 'const ended = await ports.store.endAbandonedCommits(limits.abandonedCommitMs);',
    replace: 'const ended = 0;',
  },
  {
    name: 'a refused creation is put aside',
    file: `${engine}/ledger.ts`,
    find: 'isCreation(entry) && refusalToCreate(eventId, entry) === undefined',
    replace: 'isCreation(entry)',
  },
  {
    name: 'abandoned commits are looked for at the last attempt',
    file: `${engine}/recover.ts`,
    find: '(isLast || failures % contendedBeforeLook === 0)',
    replace: '!isLast && failures % contendedBeforeLook === 0',
  },
  {
    name: 'write concern majority',
    file: 'packages/store-mongo/src/commit.ts',
    find: "writeConcern: { w: 'majority', journal: true },",
    replace: 'writeConcern: { w: 1 },',
    chaos: 'writes that no majority has',
  },
];
