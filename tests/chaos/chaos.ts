// `npm run chaos [-- --scenarios N] [--seconds S] [--only TEXT]`: harms a Rollcall of real processes in N ways, for S seconds each, and says
// what it came to; exit code 1 after a violation.
import { parseArgs } from 'node:util';
import { whole } from '../support/whole.ts';
import { openArena, type Arena, type Members } from './arena.ts';
import { play, type Played } from './play.ts';
import type { Scenario } from './scenario.ts';
import { scenarios } from './scenarios.ts';

const { values } = parseArgs({
  options: {
    scenarios: { type: 'string', default: String(scenarios.length) },
    seconds: { type: 'string', default: '60' },
    'per-second': { type: 'string', default: '40' },
    only: { type: 'string', default: '' },
  },
});

const rowOf = ({ name, proof, violations, accepted, failed }: Played): string =>
  `${violations.length === 0 ? 'ok  ' : 'BAD '} ${name}: ${proof}; ${accepted} accepted, ${failed} told to come again`;

async function main(): Promise<number> {
  const count = whole('scenarios', values.scenarios);
  const chosen = scenarios.filter(({ name }) => name.includes(values.only));
  if (chosen.length === 0) throw new Error(`no scenario has "${values.only}" in its name`);
  const all = Array.from({ length: count }, (_, n) => chosen[n % chosen.length]).filter((one) => one !== undefined);
  const options = { perSecond: whole('per-second', values['per-second']), seconds: whole('seconds', values.seconds) };
  const played: Played[] = [];
  for (const members of [3, 1] satisfies readonly Members[]) {
    const mine = all.filter((scenario) => scenario.members === members);
    if (mine.length > 0) played.push(...(await playAll(await openArena(members), mine, options)));
  }
  const bad = played.filter(({ violations }) => violations.length > 0);
  console.log(`${played.length} scenarios of ${options.seconds} s, ${bad.length} with violations`);
  return bad.length === 0 ? 0 : 1;
}

async function playAll(
  arena: Arena,
  mine: readonly Scenario[],
  options: Parameters<typeof play>[2],
): Promise<Played[]> {
  await using _ = arena;
  const played: Played[] = [];
  for (const scenario of mine) {
    const whyNot = scenario.whyNot?.();
    if (whyNot !== undefined) {
      console.log(`none ${scenario.name}: not possible here, for ${whyNot}`);
      continue;
    }
    const one = await play(arena, scenario, options);
    console.log(rowOf(one));
    for (const violation of one.violations.slice(0, 10)) console.log(`     ${violation}`);
    played.push(one);
  }
  return played;
}

process.exitCode = await main();
