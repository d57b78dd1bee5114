import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

interface LogLine {
  readonly msg: string;
  readonly metricsPort?: number;
  readonly commandId?: string;
  readonly eventId?: string;
  readonly reqId?: string;
  readonly kind?: string;
  readonly err?: { readonly message: string };
}

interface Logging {
  readonly logFile: string;
}

/** The lines that are written to their end. */
export function logOf({ logFile }: Logging): readonly LogLine[] {
  const text = readFileSync(logFile, 'utf8');
  const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as LogLine);
}

/** Rollcall's own metrics of a process: name, labels and value. */
export async function metricsOf(app: Logging): Promise<readonly string[]> {
  for (;;) {
    const port = logOf(app).find(({ metricsPort }) => metricsPort !== undefined)?.metricsPort;
    if (port !== undefined) {
      const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
      return text.split('\n').filter((line) => line.startsWith('rollcall_'));
    }
    await delay(50);
  }
}
