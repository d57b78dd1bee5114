import { describe, expect, it } from 'vitest';
import { runCli } from '../testing/testing-run-cli.ts';
import { stage } from '../testing/testing-stage.ts';
import { eventId, idOf } from '../testing/testing-story.ts';

describe('rebuild', () => {
  it('writes what the journal says, and finds it in the live collection', async () => {
    await using staged = await stage();
    const { collections, env } = staged;
    const ran = await runCli(env, 'rebuild', '--all', '--into', 'rebuilt');
    expect(ran).toMatchObject({ exitCode: 0, stdout: expect.stringContaining(': 0 differences') });
    const live = await collections.registrations
      .find({}, { projection: { registrationDate: 0, registeredBy: 0 } })
      .sort({ _id: 1 })
      .toArray();
    expect(await collections.db.collection('rebuilt').find().sort({ _id: 1 }).toArray()).toEqual(live);
    expect(live).toHaveLength(8);
    // Offers, moves and attendance are among them.
    expect(Object.keys(Object.assign({}, ...live))).toEqual(
      expect.arrayContaining(['offer', 'replaces', 'attendedAt']),
    );
  });

  it('tells how the live one differs, and writes what the journal says all the same', async () => {
    await using staged = await stage();
    const { collections, env } = staged;
    await collections.registrations.updateOne({ _id: idOf('dan') }, { $set: { status: 'confirmed' } });
    const ran = await runCli(env, 'rebuild', '--event', eventId, '--into', 'rebuilt');
    expect(ran).toMatchObject({ exitCode: 1, stdout: expect.stringContaining(idOf('dan')) });
    expect(await collections.db.collection('rebuilt').findOne({ _id: idOf('dan') })).toMatchObject({
      status: 'waitlist',
    });
  });

  // Five processes one after the other, each of which takes seconds on a busy machine.
  it('touches nothing that has something in it, and none of the own collections', { timeout: 60_000 }, async () => {
    await using staged = await stage();
    const { collections, env } = staged;
    await collections.db.collection('full').insertOne({});
    await collections.registrations.deleteMany({});
    for (const into of ['full', 'registrations', 'schemaChanges', 'system.users']) {
      const ran = await runCli(env, 'rebuild', '--all', '--into', into);
      expect(ran, into).toMatchObject({ exitCode: 2, stdout: '', stderr: expect.stringContaining(into) });
    }
    expect(await collections.registrations.countDocuments()).toBe(0);
    expect(await runCli(env, 'rebuild', '--into', 'rebuilt')).toMatchObject({ exitCode: 2 });
  });
});
