import { decodeHistogram, quantilesOf, type Quantiles } from '../histogram.ts';
import type { Group } from '../recorder.ts';
import type { Encoded, LoadResult, ResultSecond } from '../result.ts';
import type { Chart } from './chart.ts';
import { countText, msText } from './figures.ts';

/** All that is to be seen of a run over time. */
export function chartsOf({ seconds, totals }: LoadResult): readonly Chart[] {
  const of = <Value>(value: (second: ResultSecond) => Value): Value[] => seconds.map(value);
  const told = of(({ aheadMax }) => aheadMax);
  const charts: Chart[] = [
    ...latencyChart('Commands: latency', 'commands', seconds),
    ...latencyChart('Reads: latency', 'reads', seconds),
    {
      title: 'Throughput',
      hint: 'requests per second; what is sent and not answered piles up',
      scale: 'linear',
      label: countText,
      series: [
        { name: 'sent', values: of(({ sent }) => sent) },
        { name: 'answered', values: of(({ answered }) => answered) },
        ...(totals.turnedAway === 0
          ? []
          : [{ name: 'told to come again (429, 503)', values: of(({ turnedAway }) => turnedAway) }]),
      ],
    },
  ];
  if (seconds.some(({ story }) => story !== undefined)) {
    charts.push(
      {
        title: 'Undecided commands',
        hint: 'taken by the mailbox and not decided, by the times in the journal',
        scale: 'linear',
        label: countText,
        series: [
          { name: 'undecided', values: of(({ story }) => story?.undecided) },
          ...(told.every((ahead) => ahead === undefined) ? [] : [{ name: 'ahead, as people were told', values: told }]),
        ],
      },
      {
        title: 'Seats',
        hint: 'of all events together',
        scale: 'linear',
        label: countText,
        series: [
          { name: 'taken', values: of(({ story }) => story?.taken) },
          { name: 'seats', values: of(({ story }) => story?.seats) },
        ],
      },
      {
        title: 'Waitlist',
        hint: 'people in line, of all events together',
        scale: 'linear',
        label: countText,
        series: [{ name: 'waiting', values: of(({ story }) => story?.waiting) }],
      },
    );
  }
  return [...charts, ...lagChart(seconds)];
}

const quantiles = (text: Encoded | undefined): Quantiles | undefined =>
  text === undefined ? undefined : quantilesOf(decodeHistogram(text));

function latencyChart(title: string, group: Group, seconds: readonly ResultSecond[]): readonly Chart[] {
  const all = seconds.map(({ latency }) => quantiles(latency[group]));
  if (all.every((one) => one === undefined)) return [];
  const hint = 'from the instant at which a request was due to its answer, by the second in which it was due';
  return [{ title, hint, ...timeChart(all, ['p50', 'p99', 'max']) }];
}

function lagChart(seconds: readonly ResultSecond[]): readonly Chart[] {
  const hint = 'from the instant at which a request was due to when it went: what this machine was late';
  return [
    {
      title: 'Send lag',
      hint,
      ...timeChart(
        seconds.map(({ lag }) => quantiles(lag)),
        ['p50', 'p99', 'max'],
      ),
    },
  ];
}

function timeChart(
  all: readonly (Quantiles | undefined)[],
  names: readonly ('p50' | 'p99' | 'max')[],
): Pick<Chart, 'scale' | 'label' | 'series'> {
  return {
    scale: 'log',
    label: msText,
    series: names.map((name) => ({ name, values: all.map((one) => one?.[name]) })),
  };
}
