import { aRole, createRig, signUp, theEventId } from '@rollcall/testkit';
import { expect, it } from 'vitest';

it('stays with a busy event for a moment, and takes what comes meanwhile without a wake-up', async () => {
  const rig = createRig();
  await rig.open(rig.worker(), { roles: [aRole('volunteers', { capacity: 9 })] });
  const [ann, bob, cem, dan] = [signUp('ann'), signUp('bob'), signUp('cem'), signUp('dan')];
  const pauses: number[] = [];
  const pause = async (ms: number) => {
    pauses.push(ms);
    if (pauses.length === 1) await rig.send(cem, dan);
  };
  const worker = rig.worker({ limits: { lingerMs: 5 }, ports: { pause } });
  await rig.send(ann, bob);
  expect(await worker.work(theEventId)).toBe('empty');
  expect(rig.answerTo(dan)).toMatchObject({ result: { status: 'confirmed' } });
  // Once after each two of them; then there was nothing.
  expect(pauses).toEqual([5, 5]);
  expect(await rig.depth()).toBe(0);
});

it('does not stay after a single command', async () => {
  const rig = createRig();
  await rig.open(rig.worker());
  const pauses: number[] = [];
  const pause = async (ms: number) => void pauses.push(ms);
  await rig.send(signUp('ann'));
  expect(await rig.worker({ limits: { lingerMs: 5 }, ports: { pause } }).work(theEventId)).toBe('empty');
  expect(pauses).toEqual([]);
  expect(await rig.depth()).toBe(0);
});
