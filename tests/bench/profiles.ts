import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** V8's own format, as far as it is needed here. */
interface Profile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** A place where a process spent its time. */
interface Hot {
  readonly what: string;
  /** Of the time in which it did anything. */
  readonly share: number;
}

interface ProfileSummary {
  readonly packages: readonly Hot[];
  readonly functions: readonly Hot[];
}

const shown = 25;

/** Where a process that wrote a CPU profile spent its time by itself, without what it called: by package, and by function. */
function summaryOf(file: string): ProfileSummary {
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(file, 'utf8')) as Profile;
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const [packages, functions] = [new Map<string, number>(), new Map<string, number>()];
  let busy = 0;
  for (const [index, id] of samples.entries()) {
    const frame = frames.get(id);
    const micros = timeDeltas[index] ?? 0;
    if (frame === undefined || frame.functionName === '(idle)') continue;
    busy += micros;
    const where = packageOf(frame.url);
    const place = frame.url === '' ? '' : ` ${frame.url.split('/').at(-1) ?? ''}:${frame.lineNumber + 1}`;
    const name = `${where}: ${frame.functionName || 'a function without a name'}${place}`;
    packages.set(where, (packages.get(where) ?? 0) + micros);
    functions.set(name, (functions.get(name) ?? 0) + micros);
  }
  const hottest = (times: ReadonlyMap<string, number>): readonly Hot[] =>
    [...times]
      .toSorted((a, b) => b[1] - a[1])
      .slice(0, shown)
      .map(([what, micros]) => ({ what, share: micros / busy }));
  return { packages: hottest(packages), functions: hottest(functions) };
}

/** Of code of Rollcall its folder, of a library its name. */
function packageOf(url: string): string {
  if (url === '') return 'V8';
  if (url.startsWith('node:')) return 'Node';
  const library = url
    .split('node_modules/')
    .at(-1)
    ?.match(/^(@[^/]+\/[^/]+|[^/]+)/)?.[0];
  if (url.includes('node_modules/') && library !== undefined) return library;
  return /(?:packages|apps|tests)\/[^/]+/.exec(url)?.[0] ?? 'others';
}

/** Of each of Rollcall's processes that wrote a profile there, for people to read. */
export function printedProfiles(folder: string): string {
  const files = readdirSync(folder).filter((file) => file.startsWith('rollcall-'));
  return files
    .flatMap((file) => {
      const { packages, functions } = summaryOf(join(folder, file));
      const lines = [...packages, ...functions].map(
        ({ what, share }) => `  ${(share * 100).toFixed(1).padStart(5)} %  ${what}`,
      );
      return [`${join(folder, file)}: time by package, and by function`, ...lines];
    })
    .join('\n');
}
