import { aRole, createRig, signUp, theEventId } from '@rollcall/testkit';
import { expect, it } from 'vitest';

it('stays with an event for a moment, and takes what comes meanwhile without a wake-up', async () => {
  const rig = createRig();
  await rig.open(rig.worker(), { roles: [aRole('volunteers', { capacity: 9 })] });
  const [ann, bob] = [signUp('ann'), signUp('bob')];
  const pauses: number[] = [];
  const pause = async (ms: number) => {
    pauses.push(ms);
    if (pauses.length === 1) await rig.send(bob);
  };
  const worker = rig.worker({ limits: { lingerMs: 5 }, ports: { pause } });
  await rig.send(ann);
  expect(await worker.work(theEventId)).toBe('empty');
  expect(rig.answerTo(bob)).toMatchObject({ result: { status: 'confirmed' } });
  // Once after ann, once after bob; then there was nothing.
  expect(pauses).toEqual([5, 5]);
  expect(await rig.depth()).toBe(0);
});
