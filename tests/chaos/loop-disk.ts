import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const sizeBytes = 1_073_741_824;

/** A disk of its own (ext4 on a loop device) that can lose its power. Needs root on Linux. */
export interface LoopDisk extends AsyncDisposable {
  /** Where it is mounted. */
  readonly dir: string;
  /** Keeps what has reached the disk itself by now, as opposed to the kernel's memory. */
  capture(): void;
  /** Is from now on as it was when it was captured. Nobody may have a file open on it. */
  rewind(): void;
}

const run = (program: string, ...args: readonly string[]): void =>
  void execFileSync(program, args, { stdio: ['ignore', 'ignore', 'inherit'] });

export function createLoopDisk(folder: string): LoopDisk {
  const [image, captured, dir] = [join(folder, 'image'), join(folder, 'captured'), join(folder, 'disk')];
  mkdirSync(dir, { recursive: true });
  writeFileSync(image, '');
  truncateSync(image, sizeBytes);
  run('mkfs.ext4', '-q', image);
  const mount = (): void => run('mount', '-o', 'loop', image, dir);
  mount();
  return {
    dir,
    // The loop device writes into the image what it is told to write; what the file system has only in memory is not there.
    capture: () => run('cp', '--sparse=always', image, captured),
    rewind() {
      run('umount', dir);
      renameSync(captured, image);
      mount();
    },
    [Symbol.asyncDispose]() {
      run('umount', dir);
      return Promise.resolve();
    },
  };
}
