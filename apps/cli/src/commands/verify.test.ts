import { expect, it } from 'vitest';
import { runCli } from '../testing/testing-run-cli.ts';
import { stage } from '../testing/testing-stage.ts';
import { eventId, idOf } from '../testing/testing-story.ts';

it('says that all is well, and ends with 0', async () => {
  await using staged = await stage();
  const { exitCode, stdout, stderr } = await runCli(staged.env, 'verify');
  expect(stdout).toMatch(/^1 event, 14 decisions, 8 registrations: 0 differences, in \d+\.\d s\n$/);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
});

it('lists what differs, also in the cache, and ends with 1', async () => {
  await using staged = await stage();
  await staged.collections.registrations.deleteOne({ _id: idOf('dan') });
  await staged.cache({ ...staged.counts, version: 15 });
  const { exitCode, stdout } = await runCli(staged.env, 'verify', '--event', eventId, '--json');
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as object);
  expect(lines).toEqual([
    {
      type: 'difference',
      eventId,
      fromVersion: 14,
      toVersion: 14,
      check: 'counts',
      message: 'the cache is of version 15, and the event is at 14',
    },
    {
      type: 'difference',
      eventId,
      fromVersion: 6,
      toVersion: 14,
      check: 'projection',
      message: `registration ${idOf('dan')}: waitlist in volunteers at 6 by the journal, not there in the store`,
    },
    { type: 'summary', events: 1, decisions: 14, registrations: 7, differences: 2, seconds: expect.any(Number) },
  ]);
  expect(exitCode).toBe(1);
});

it('ends with 2 when it is asked for what can not be', async () => {
  await using staged = await stage();
  const noEvent = await runCli(staged.env, 'verify', '--event', 'nonsense');
  expect(noEvent).toMatchObject({ exitCode: 2, stdout: '' });
  const unknown = await runCli(staged.env, 'verify', '--event', `e${'u'.repeat(22)}`);
  expect(unknown).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('there is no event') });
});
