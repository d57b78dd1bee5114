import { expect, it } from 'vitest';
import { singleFlight } from './single-flight.ts';

function controlled() {
  const turns: PromiseWithResolvers<number>[] = [];
  const ask = singleFlight<string, number>(() => {
    const turn = Promise.withResolvers<number>();
    turns.push(turn);
    return turn.promise;
  });
  const turn = (place: number) => {
    const found = turns[place];
    if (found === undefined) throw new Error(`turn ${place} has not begun`);
    return found;
  };
  return { ask, turn, begun: () => turns.length };
}

it('gives who comes during a turn the next one, which they share', async () => {
  const { ask, turn, begun } = controlled();
  const [first, second, third] = [ask('a'), ask('a'), ask('a')];
  expect(begun()).toBe(1);
  turn(0).resolve(1);
  expect(await first).toBe(1);
  turn(1).resolve(2);
  expect(await Promise.all([second, third])).toEqual([2, 2]);
  expect(begun()).toBe(2);
});

it('goes on after a turn that failed', async () => {
  const { ask, turn } = controlled();
  const [first, second] = [ask('a'), ask('a')];
  turn(0).reject(new Error('no'));
  await expect(first).rejects.toThrow('no');
  turn(1).resolve(2);
  expect(await second).toBe(2);
});

it('begins anew when nobody is under way, and keys do not wait for each other', async () => {
  const { ask, turn } = controlled();
  const [first, other] = [ask('a'), ask('b')];
  turn(1).resolve(2);
  expect(await other).toBe(2);
  turn(0).resolve(1);
  expect(await first).toBe(1);
  const again = ask('a');
  turn(2).resolve(3);
  expect(await again).toBe(3);
});
