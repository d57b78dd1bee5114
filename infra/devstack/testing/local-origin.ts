import { findOnPath } from '../servers/facts.ts';

/** For tests that look at processes and their pids: servers on this machine itself, also where Docker is there or asked for. */
export const localOrigin = ((): 'path' | 'wheel' => {
  const path = process.env['PATH'] ?? '';
  const found = [['mongod'], ['redis-server', 'valkey-server']].every((names) => findOnPath(names, path) !== undefined);
  return found ? 'path' : 'wheel';
})();
