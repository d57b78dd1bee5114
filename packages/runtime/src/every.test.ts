import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { every } from './every.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('takes a turn after each pause, counted from the end of the last one', async () => {
  let turns = 0;
  let finish: () => void = () => undefined;
  const repeating = every(
    100,
    () =>
      new Promise<void>((resolve) => {
        turns += 1;
        finish = resolve;
      }),
    () => undefined,
  );
  await vi.advanceTimersByTimeAsync(100);
  expect(turns).toBe(1);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(turns).toBe(1);
  finish();
  await vi.advanceTimersByTimeAsync(100);
  expect(turns).toBe(2);
  finish();
  await repeating.stop();
});

it('goes on after a turn that failed, and tells of it', async () => {
  const errors: unknown[] = [];
  const fault = new Error('planted');
  const repeating = every(
    100,
    () => Promise.reject(fault),
    (error) => errors.push(error),
  );
  await vi.advanceTimersByTimeAsync(250);
  expect(errors).toEqual([fault, fault]);
  await repeating.stop();
});

it('stops: no turn begins, and the one under way is waited for', async () => {
  let ended = false;
  const repeating = every(
    100,
    async () => {
      await new Promise((resolve) => {
        setTimeout(resolve, 50);
      });
      ended = true;
    },
    () => undefined,
  );
  await vi.advanceTimersByTimeAsync(110);
  const stopping = repeating.stop();
  expect(ended).toBe(false);
  await vi.advanceTimersByTimeAsync(50);
  await stopping;
  expect(ended).toBe(true);
  expect(vi.getTimerCount()).toBe(0);
});
