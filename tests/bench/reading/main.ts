// Reads one page over and over: a process of its own, so that what it costs is told apart from what the servers cost.
import { setTimeout as delay } from 'node:timers/promises';
import { Connection } from './connection.ts';
import type { ReadReply, ReadResult, ReadTask } from './task.ts';

async function perform({ port, path, connections, seconds }: ReadTask): Promise<ReadResult> {
  const failed = Promise.withResolvers<never>();
  const opened = Array.from({ length: connections }, () => new Connection(port, path, failed.reject));
  const startedAt = performance.now();
  await Promise.race([delay(seconds * 1_000), failed.promise]);
  const answers = opened.reduce((sum, connection) => sum + connection.answers, 0);
  const elapsedSeconds = (performance.now() - startedAt) / 1_000;
  for (const connection of opened) connection.close();
  return { answers, seconds: elapsedSeconds, bodyBytes: opened[0]?.bodyBytes ?? 0 };
}

process.on('message', (task: ReadTask) => {
  perform(task).then(
    (result) => process.send?.({ result } satisfies ReadReply),
    (error: unknown) => process.send?.({ error: String(error) } satisfies ReadReply),
  );
});
