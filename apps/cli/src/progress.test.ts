import { expect, it } from 'vitest';
import { createProgressBar } from './progress.ts';

function shownOn(isTTY: boolean): readonly string[] {
  const written: string[] = [];
  let now = 0;
  const bar = createProgressBar({ isTTY, write: (text) => written.push(text) }, () => now);
  for (let done = 0; done <= 1_000; done += 500) {
    now += 5_000;
    bar.show({ label: 'e1', what: 'decisions', done, of: 1_000 });
    bar.show({ label: 'e1', what: 'decisions', done: done + 1, of: 1_000 });
  }
  bar.clear();
  return written;
}

it('is a bar on a terminal, and goes away', () => {
  const [first, second, , last] = shownOn(true);
  expect(first).toBe(`\r\u001B[K[${'.'.repeat(30)}] 0 % e1 0 of 1,000 decisions`);
  expect(second).toContain(`[${'#'.repeat(15)}${'.'.repeat(15)}] 50 %`);
  expect(last).toBe('\r\u001B[K');
});

it('is a line now and then elsewhere', () => {
  expect(shownOn(false)).toEqual([
    'e1 0 of 1,000 decisions\n',
    'e1 500 of 1,000 decisions\n',
    'e1 1,000 of 1,000 decisions\n',
  ]);
});

it('is without a bar where nobody knows how much there is', () => {
  const written: string[] = [];
  let now = 0;
  const bar = createProgressBar({ isTTY: true, write: (text) => written.push(text) }, () => now);
  now += 5_000;
  bar.show({ label: 'cleanup', what: 'events', done: 7, of: undefined });
  expect(written).toEqual(['\r\u001B[Kcleanup 7 events']);
});
