import { escaped } from './markup.ts';
import { linearScale, logScale, type Scale } from './scale.ts';

interface Series {
  readonly name: string;
  /** One per second; undefined where there is none. */
  readonly values: readonly (number | undefined)[];
}

export interface Chart {
  readonly title: string;
  /** What can be seen on it, for whoever reads a report for the first time. */
  readonly hint: string;
  readonly series: readonly Series[];
  readonly scale: 'linear' | 'log';
  /** A value as its axis shows it. */
  readonly label: (value: number) => string;
}

const [width, height] = [760, 230];
const margin = { left: 66, right: 14, top: 10, bottom: 34 };
const plot = { width: width - margin.left - margin.right, height: height - margin.top - margin.bottom };

/** A figure with lines over the seconds of a run: plain SVG, coloured by the page's style. */
export function chartHtml({ title, hint, series, scale: kind, label }: Chart): string {
  const values = series.flatMap((one) => one.values.filter((value) => value !== undefined));
  const above = values.filter((value) => value > 0);
  const max = Math.max(0, ...values);
  const scale = kind === 'log' ? logScale(Math.min(...above, max || 1), max) : linearScale(max || 1);
  const seconds = Math.max(1, ...series.map((one) => one.values.length));
  const y = (value: number): number => margin.top + plot.height * (1 - scale.at(value));
  const x = (second: number): number => margin.left + (plot.width * (second + 0.5)) / seconds;
  const lines = series.map((one, index) => lineOf(one.values, x, y, index + 1)).join('\n');
  const names = series
    .map(({ name }, index) => `<li><span class="swatch c${index + 1}"></span>${escaped(name)}</li>`)
    .join('');
  return `<figure>
<figcaption><strong>${escaped(title)}</strong> ${escaped(hint)}</figcaption>
<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(title)}">
${gridOf(scale, y, label)}
${secondsOf(seconds, x)}
${lines}
</svg>
<ul class="legend">${names}</ul>
</figure>`;
}

function gridOf({ ticks }: Scale, y: (value: number) => number, label: (value: number) => string): string {
  return ticks
    .map((tick) => {
      const at = fixed(y(tick));
      const line = `<line class="grid" x1="${margin.left}" x2="${width - margin.right}" y1="${at}" y2="${at}"/>`;
      return `${line}<text x="${margin.left - 8}" y="${at}" dy="0.32em" text-anchor="end">${escaped(label(tick))}</text>`;
    })
    .join('\n');
}

function secondsOf(seconds: number, x: (second: number) => number): string {
  const step = linearScale(seconds).ticks[1] ?? 1;
  const every = Math.max(1, Math.round(step));
  const texts: string[] = [];
  for (let second = 0; second < seconds; second += every) {
    texts.push(
      `<text x="${fixed(x(second))}" y="${height - margin.bottom + 16}" text-anchor="middle">${second}</text>`,
    );
  }
  const name = `<text x="${width - margin.right}" y="${height - 4}" text-anchor="end">seconds since the start</text>`;
  return [...texts, name].join('\n');
}

/** A line for each stretch of seconds that have a value. */
function lineOf(
  values: readonly (number | undefined)[],
  x: (second: number) => number,
  y: (value: number) => number,
  color: number,
): string {
  const stretches: string[][] = [[]];
  for (const [second, value] of values.entries()) {
    if (value === undefined) stretches.push([]);
    else stretches.at(-1)?.push(`${fixed(x(second))} ${fixed(y(value))}`);
  }
  const path = stretches
    .filter((points) => points.length > 0)
    // Of one point a dot is seen: a line of no length with round ends.
    .map((points) => `M${points.join('L')}${points.length === 1 ? 'h0' : ''}`)
    .join('');
  return `<path class="line c${color}" d="${path}"/>`;
}

const fixed = (value: number): string => String(Math.round(value * 10) / 10);
