import { mkdirSync } from 'node:fs';
import type { ManagedServer, ServerOptions } from './managed-server.ts';
import { SetupError } from './setup-error.ts';

export interface ContainerPlan extends ServerOptions {
  readonly image: string;
  readonly command: string[];
  /** The same inside and outside: a replica set's member must be reachable under the one address that it announces. */
  readonly port: number;
  readonly url: string;
  /** Where the container expects its data. */
  readonly mount: string;
  readonly ready: (signal?: AbortSignal) => Promise<void>;
}

/** A server in Docker, through testcontainers, which also removes it when this process ends without stopping it. */
export async function startContainer(plan: ContainerPlan): Promise<ManagedServer> {
  const { GenericContainer, Wait, getContainerRuntimeClient } = await import('testcontainers');
  mkdirSync(plan.dataDir, { recursive: true });
  plan.announce?.(`starting ${plan.image} in Docker (its image is pulled the first time)…`);
  const user = process.getuid === undefined ? undefined : `${process.getuid()}:${process.getgid?.() ?? 0}`;
  const definition = new GenericContainer(plan.image)
    .withCommand(plan.command)
    .withExposedPorts({ container: plan.port, host: plan.port })
    .withBindMounts([{ source: plan.dataDir, target: plan.mount }])
    .withLogConsumer((stream) => stream.on('data', (chunk) => plan.log(String(chunk).trimEnd())))
    .withWaitStrategy(Wait.forListeningPorts());
  // Files in the mounted folder belong to whoever runs this, not to the image's own user.
  if (user !== undefined) definition.withUser(user);
  const started = await definition.start().catch((error: Error) => {
    throw new SetupError(`Docker could not start ${plan.image}: ${error.message}`, [
      'see whether it can: docker run --rm ' + plan.image + ' --version',
      'or choose another source, see ROLLCALL_SERVERS in infra/README.md',
    ]);
  });
  await plan.ready();
  const container = (await getContainerRuntimeClient()).container.getById(started.getId());
  let up = true;
  const stop = async (): Promise<void> => {
    if (up) await container.stop({ t: 15 });
    up = false;
  };
  return {
    url: plan.url,
    origin: 'docker',
    pid: undefined,
    stop,
    kill: async () => {
      await container.kill();
      up = false;
    },
    start: async () => {
      await container.start();
      up = true;
      await plan.ready();
    },
    pause: () => void container.pause(),
    resume: () => void container.unpause(),
    diedUnasked: container.wait().then(
      () => (up ? new Error(`the container of ${plan.image} ended`) : new Promise<Error>(() => undefined)),
      () => new Promise<Error>(() => undefined),
    ),
    [Symbol.asyncDispose]: async () => {
      await stop();
      await started.stop();
    },
  };
}
