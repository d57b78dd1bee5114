import type { Stryker } from '@stryker-mutator/core';

type Mutant = Awaited<ReturnType<Stryker['runMutationTest']>>[number];

/** Prints the changes that no test notices, and answers how many of all changes one does, in percent. */
export function report(mutants: readonly Mutant[]): number {
  const noticed = mutants.filter(({ status }) => status === 'Killed' || status === 'Timeout').length;
  const unnoticed = mutants.filter(({ status }) => status === 'Survived' || status === 'NoCoverage');
  const all = noticed + unnoticed.length;
  const score = all === 0 ? 0 : (100 * noticed) / all;
  const lines = unnoticed.map(describe).toSorted();
  process.stdout.write([...lines, `${noticed} of ${all} changes are noticed: ${score.toFixed(1)} %`, ''].join('\n'));
  return score;
}

function describe({ fileName, location, mutatorName, replacement, status }: Mutant): string {
  const { line, column } = location.start;
  const change = replacement.replaceAll(/\s+/g, ' ').slice(0, 100);
  const note = status === 'NoCoverage' ? ' (no test comes there)' : '';
  return `${fileName}:${line}:${column} ${mutatorName} → ${change}${note}`;
}
