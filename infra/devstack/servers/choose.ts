import type { ServerOptions } from './managed-server.ts';
import {
  type Env,
  type ServerFacts,
  type ServerKind,
  type ServerSource,
  chooseServerSource,
  serverNames,
} from './source.ts';

/** The source for one server on this machine, now. */
export async function chooseFor(
  kind: ServerKind,
  options: Pick<ServerOptions, 'owned'>,
  gather: (kind: ServerKind, env: Env) => Promise<ServerFacts>,
): Promise<ServerSource> {
  const env = options.owned === true ? { ...process.env, [serverNames[kind].setting]: undefined } : process.env;
  return chooseServerSource(kind, await gather(kind, env));
}

export function announceOnStderr(message: string): void {
  process.stderr.write(`rollcall: ${message}\n`);
}
