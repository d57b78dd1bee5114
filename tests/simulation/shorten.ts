import { simulate, type Run, type Scenario } from './simulate.ts';

/** What a violation is about, without its particulars. */
const kindOf = ({ violations }: Run): string | undefined => violations[0]?.split(':')[0];

/** The run with as few faults and commands as it takes to still go wrong in the same way. Greedy. */
export async function shorten(run: Run): Promise<Run> {
  const wanted = kindOf(run);
  let shortest = run;
  const attempt = async (scenario: Scenario): Promise<boolean> => {
    const tried = await simulate(scenario);
    if (kindOf(tried) !== wanted) return false;
    shortest = tried;
    return true;
  };
  const places = run.faults.length + run.scenario.without.length;
  for (let place = places - 1; place >= 0; place -= 1) {
    const { scenario } = shortest;
    if (!scenario.without.includes(place)) await attempt({ ...scenario, without: [...scenario.without, place] });
  }
  for (let commands = shortest.scenario.commands; commands > 1;) {
    commands = Math.floor(commands / 2);
    if (!(await attempt({ ...shortest.scenario, commands }))) break;
  }
  return shortest;
}
