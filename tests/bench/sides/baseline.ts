import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Child } from '../child.ts';
import type { Stage } from '../stage.ts';
import { settingVariable } from '../servers/setting.ts';
import type { Setting, SignupTarget } from './side.ts';

const main = (name: string): string => join(import.meta.dirname, '../servers', `${name}.ts`);

/** The role that baselines know; they have no events with roles of their own. */
export const baselineRole = 'seat';
export const baselineBody = JSON.stringify({ roleId: baselineRole });

/** An id as the validation of the path wants it. */
export const newEventId = (): string => `e${randomBytes(16).toString('base64url')}`;
export const signUpPath = (eventId: string): string => `/v1/events/${eventId}/registrations`;

export interface BaselineServer {
  readonly process: Child;
  readonly origin: string;
}

/** Starts one of the servers beside this folder and waits until it answers. */
export async function startBaselineServer(
  stage: Stage,
  file: string,
  setting: Setting,
  env: Readonly<Record<string, string>> = {},
): Promise<BaselineServer> {
  const port = await stage.freePort();
  const process = startBaselineProcess(stage, file, setting, { ...stage.apiEnv(port), ...env });
  const origin = `http://127.0.0.1:${port}`;
  await stage.untilAnswers(origin, '/health/live');
  return { process, origin };
}

/** Starts a process that need not listen. Every setting has keys of its own in Redis, so that one never does another's jobs. */
export function startBaselineProcess(stage: Stage, file: string, setting: Setting, env = stage.storeEnv()): Child {
  const label = [file, ...Object.values(setting)].join('-');
  return stage.startChild(label, main(file), {
    ...env,
    MONGODB_DATABASE: stage.baselineDatabase,
    REDIS_KEY_PREFIX: `${stage.keyPrefix}${Object.values(setting).join('-')}:`,
    [settingVariable]: JSON.stringify(setting),
  });
}

/** Where the handler itself decides: an answer is sent after the last write. */
export const answeredTarget = (origin: string, eventId: string, check: SignupTarget['check']): SignupTarget => ({
  origin,
  path: signUpPath(eventId),
  body: baselineBody,
  status: 201,
  follow: async () => ({ decided: async ({ answeredAt }) => answeredAt }),
  check,
});
