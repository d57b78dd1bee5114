import { afterEach, beforeEach, describe } from 'vitest';
import { appendContract } from './mailbox-append.ts';
import { benchOf, type MailboxBench, type MailboxUnderTest } from './mailbox-bench.ts';
import { doneContract } from './mailbox-done.ts';
import { readHeadContract } from './mailbox-read.ts';
import { tracesContract } from './mailbox-traces.ts';

/** What every mailbox does. Each test has a new adapter, and an event that nobody else has. */
export function mailboxContract(name: string, makeAdapter: () => Promise<MailboxUnderTest>): void {
  describe(`mailbox: ${name}`, () => {
    let bench: MailboxBench;
    beforeEach(async () => {
      bench = benchOf(await makeAdapter());
    });
    afterEach(() => bench.adapter.close());
    appendContract(() => bench);
    readHeadContract(() => bench);
    doneContract(() => bench);
    tracesContract(() => bench);
  });
}
