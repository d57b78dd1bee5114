import { afterEach, describe, expect, it, vi } from 'vitest';
import { createCrashPoints } from './crash-points.ts';

const names = ['after-this', 'after-that'] as const;
const kill = vi.spyOn(process, 'kill').mockReturnValue(true);
afterEach(() => kill.mockClear());

describe('crash points', () => {
  it('end nobody unless they are asked to', () => {
    const reach = createCrashPoints(names, '');
    for (const name of names) reach(name);
    expect(kill).not.toHaveBeenCalled();
  });

  it('end the process where they are asked to, and nowhere else', () => {
    const reach = createCrashPoints(names, 'after-that');
    reach('after-this');
    expect(kill).not.toHaveBeenCalled();
    reach('after-that');
    expect(kill).toHaveBeenCalledExactlyOnceWith(process.pid, 'SIGKILL');
  });

  it('count how often they are reached', () => {
    const reach = createCrashPoints(names, 'after-this:3');
    for (const times of [1, 2]) {
      reach('after-this');
      expect(kill, `the ${times}. time`).not.toHaveBeenCalled();
    }
    reach('after-this');
    expect(kill).toHaveBeenCalledTimes(1);
  });

  it.each(['nowhere', 'after-this:0', 'after-this:x', ':2'])('are no others than these: %s', (setting) => {
    expect(() => createCrashPoints(names, setting)).toThrow('after-this, after-that');
  });
});
