import type { LoadResult } from '../result.ts';
import { chartHtml } from './chart.ts';
import { chartsOf } from './charts.ts';
import { answersOf, countText, msText, rowsOf, totalsText, verdictText, warningsOf } from './figures.ts';
import { escaped, listOf, tableOf } from './markup.ts';
import { style } from './style.ts';

/** A page that needs nothing else: no network, no scripts. */
export function reportHtml(result: LoadResult): string {
  const { scenario, about, run, startedAt } = result;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(`Load: ${scenario}, ${run}`)}</title>
<style>${style}</style>
</head>
<body>
<h1>${escaped(`Load: ${scenario}`)}</h1>
<p>${escaped(about)}</p>
<p class="quiet">${escaped(`Run ${run}, from ${startedAt}`)}</p>
${verdictHtml(result)}
${warningsOf(result)
  .map((warning) => `<div class="verdict warning"><strong>Read with care</strong><p>${escaped(warning)}</p></div>`)
  .join('\n')}
<h2>Latency</h2>
<p class="quiet">From the instant at which a request was due, whether or not earlier ones had been answered.</p>
${figuresTable(result)}
<h2>Over time</h2>
${chartsOf(result).map(chartHtml).join('\n')}
<h2>Answers</h2>
${listOf([...answersOf(result), totalsText(result)])}
<h2>What was not seen</h2>
${listOf(result.verdict.unseen)}
<h2>Settings</h2>
<div class="plain">${settingsTable(result)}</div>
</body>
</html>
`;
}

function verdictHtml(result: LoadResult): string {
  const { violations, violationsCount } = result.verdict;
  const isGood = violationsCount === 0;
  const found = violations.map(({ eventId, check, version, message }) =>
    [check, eventId, version === undefined ? undefined : `version ${version}`, message]
      .filter((part) => part !== undefined)
      .join(' · '),
  );
  const more = violationsCount - violations.length;
  const shown = more > 0 ? [...found, `and ${countText(more)} more`] : found;
  return `<div class="verdict ${isGood ? 'good' : 'bad'}">
<strong>${isGood ? 'Everything that was promised held' : 'Not everything that was promised held'}</strong>
<p>${escaped(`Checked ${verdictText(result)}`)}</p>
${shown.length === 0 ? '' : listOf(shown)}
</div>`;
}

function figuresTable(result: LoadResult): string {
  const rows = rowsOf(result).map(({ what, quantiles: { count, p50, p90, p99, p999, max } }) => {
    return [what, countText(count), ...[p50, p90, p99, p999, max].map(msText)];
  });
  return tableOf(['', 'count', 'p50', 'p90', 'p99', 'p99.9', 'max'], rows);
}

function settingsTable({ settings, processes, urls, eventIds }: LoadResult): string {
  const { share: _share, ...others } = settings;
  const events =
    eventIds.length > 3 ? `${eventIds.slice(0, 3).join(', ')} and ${eventIds.length - 3} more` : eventIds.join(', ');
  return tableOf(
    [],
    [
      ['APIs', urls.map((url) => new URL(url).host).join(', ')],
      ['events gone to', events],
      ['processes', String(processes)],
      ...Object.entries(others).map(([name, value]) => [name, String(value)]),
    ],
  );
}
