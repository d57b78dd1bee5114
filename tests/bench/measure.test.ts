import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { Watch } from './measure.ts';

const micros = 200_000;
/** Ends its output when it has used so much of the processor's time, and itself when its input ends, if it is to stay. */
const burn = (stays: boolean) => `
  for (let use = process.cpuUsage(); use.user + use.system < ${micros}; use = process.cpuUsage());
  require('node:fs').closeSync(1);
  ${stays ? 'process.stdin.resume();' : ''}
`;

test.runIf(process.platform === 'linux')(
  'a process is measured with its children, also with those that have ended',
  async () => {
    const quoted = (code: string) => `"$NODE" -e '${code.replaceAll("'", '"')}'`;
    const script = `read start; ${quoted(burn(false))}; exec 3<&0; ${quoted(burn(true))} <&3 & exec >&-; wait`;
    const parent = spawn('/bin/sh', ['-c', script], {
      env: { ...process.env, NODE: process.execPath },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const both = new Watch([{ name: 'with', pid: parent.pid, withChildren: true }]);
    const alone = new Watch([{ name: 'without', pid: parent.pid }]);
    parent.stdin.write('\n');
    parent.stdout.resume();
    await once(parent.stdout, 'end');
    const [withChildren] = both.stop();
    const [without] = alone.stop();
    parent.stdin.end();
    await once(parent, 'exit');
    expect(withChildren?.cpuMicros).toBeGreaterThanOrEqual(2 * micros - 20_000);
    expect(without?.cpuMicros).toBeLessThan(micros);
    expect(withChildren?.peakRssBytes).toBeGreaterThan(without?.peakRssBytes ?? Infinity);
  },
);
