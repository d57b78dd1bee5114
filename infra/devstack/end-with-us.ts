import type { ChildProcess } from 'node:child_process';

const children = new Set<ChildProcess>();

/**
 * Our children are in process groups of their own, so nothing ends them when we end without stopping them: neither Ctrl-C in a
 * terminal, nor process.exit. From this call on they get SIGKILL then, which they are made to survive.
 * @returns to be called when the child has ended, or shall outlive us.
 */
export function endWithUs(child: ChildProcess): () => void {
  if (children.size === 0) {
    process.on('exit', killAll);
    for (const signal of signals) process.on(signal, dieOf);
  }
  children.add(child);
  return () => {
    children.delete(child);
    if (children.size > 0) return;
    process.off('exit', killAll);
    for (const signal of signals) process.off(signal, dieOf);
  };
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

function killAll(): void {
  for (const child of children) child.kill('SIGKILL');
}

/** Does what the signal would have done without us here; whoever else listens to it knows better. */
function dieOf(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return;
  killAll();
  process.off(signal, dieOf);
  process.kill(process.pid, signal);
}
