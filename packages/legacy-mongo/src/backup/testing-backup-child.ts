import { MongoClient } from 'mongodb';
import { createLegacyStore } from '../legacy-store.ts';
import { namesOf } from '../testing.ts';

/** A backup in a process of its own, to be killed: it stands still once it has written something, and says so. */
const [url = '', database = '', folder = ''] = process.argv.slice(2);
const client = new MongoClient(url);
await createLegacyStore(client, namesOf(database)).backup(folder, ({ collection }) => {
  if (collection !== 'registrations') return;
  process.stdout.write('written');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
});
