import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SetupError, say } from './messages.mjs';

const pollMs = 200;
const waitMsMax = 15 * 60_000;

/**
 * Runs `work` while no other bootstrap of this tree does. The lock is a file with its owner's pid in it; a file whose
 * owner has died is taken over, so a crash in the middle of a set-up never asks anyone to delete something by hand.
 * @template T @param {string} file @param {() => Promise<T>} work @returns {Promise<T>}
 */
export async function withLock(file, work) {
  mkdirSync(dirname(file), { recursive: true });
  const mine = `${file}.${process.pid}`;
  // The pid is written first and the finished file linked into place: nobody can ever read a lock without an owner.
  writeFileSync(mine, String(process.pid));
  try {
    await acquire(file, mine);
    try {
      return await work();
    } finally {
      rmSync(file, { force: true });
    }
  } finally {
    rmSync(mine, { force: true });
  }
}

async function acquire(file, mine) {
  const deadline = Date.now() + waitMsMax;
  for (let told = false; ;) {
    try {
      linkSync(mine, file);
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const owner = readOwner(file);
    if (owner === undefined) continue;
    if (!isAlive(owner)) {
      takeAside(file, owner);
      continue;
    }
    if (!told) say(`another set-up of this folder is running (process ${owner}); waiting for it…`);
    told = true;
    if (Date.now() > deadline) {
      throw new SetupError(`process ${owner} has held ${file} for ${waitMsMax / 60_000} minutes`, [
        'see what that process is doing, end it, and run the same command again',
      ]);
    }
    await sleep(pollMs);
  }
}

/** Two waiters may find the same dead owner: what was renamed is looked at again, and given back if it is a new lock. */
function takeAside(file, deadOwner) {
  const aside = `${file}.stale.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  if (readOwner(aside) !== deadOwner) {
    try {
      linkSync(aside, file);
    } catch {
      // Someone else holds the lock by now; both may work at once, which costs time and corrupts nothing (see store.mjs).
    }
  }
  rmSync(aside, { force: true });
}

function readOwner(file) {
  try {
    return Number(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
