import { describe, expect, it } from 'vitest';
import { resultOf } from '../testing-result.ts';
import { chartHtml } from './chart.ts';
import { msText, warningsOf } from './figures.ts';
import { reportHtml } from './html.ts';
import { linearScale, logScale } from './scale.ts';

/** Elements that have no end tag in HTML. */
const empty = new Set(['meta', '!doctype']);

/** Whether each element that begins ends, in its place. */
function unbalanced(html: string): readonly string[] {
  const open: string[] = [];
  for (const [, slash, name = '', , selfClosed] of html.matchAll(/<(\/?)(!?[a-z][a-z0-9]*)((?:\s[^<>]*?)?)(\/?)>/g)) {
    if (empty.has(name) || selfClosed === '/') continue;
    if (slash === '') open.push(name);
    else if (open.pop() !== name) return [`</${name}> ends another`];
  }
  return open;
}

describe('the report', () => {
  it('is one page that needs nothing else', () => {
    const html = reportHtml(resultOf());
    expect(unbalanced(html)).toEqual([]);
    expect(html).not.toMatch(/https?:|<script|<link|<img|src=|href=|@import|url\(/);
    expect(html).toContain('Everything that was promised held');
    for (const title of ['Commands: latency', 'Throughput', 'Undecided commands', 'Seats', 'Waitlist', 'Send lag']) {
      expect(html).toContain(`<strong>${title}</strong>`);
    }
    expect(html.match(/<svg/g)?.length).toBe(6);
    // What was not measured is not shown.
    expect(html).not.toContain('Reads: latency');
  });

  it('says first what did not hold, and as text what others have written', () => {
    const html = reportHtml(
      resultOf({ violations: [{ check: 'capacity', version: 4, message: '2 < 3 <b>& so</b>' }] }),
    );
    expect(html).toContain('Not everything that was promised held');
    expect(html).toContain('capacity · version 4 · 2 &lt; 3 &lt;b&gt;&amp; so&lt;/b&gt;');
    expect(html.indexOf('capacity · version 4')).toBeLessThan(html.indexOf('<figure>'));
    expect(unbalanced(html)).toEqual([]);
  });

  it('warns of a generator that was late', () => {
    expect(warningsOf(resultOf())).toEqual([]);
    expect(warningsOf(resultOf({ lagMs: 80 }))).toEqual([
      expect.stringMatching(/^requests went out late, p99 80 ms .* this machine was overloaded/),
    ]);
    expect(warningsOf(resultOf({ lagMs: 80, queued: 12 }))).toEqual([
      expect.stringContaining('500 connections were busy when 12'),
    ]);
    expect(reportHtml(resultOf({ lagMs: 80 }))).toContain('Read with care');
  });
});

describe('a chart', () => {
  const chart = (values: readonly (number | undefined)[], scale: 'linear' | 'log' = 'linear') =>
    chartHtml({ title: 'A <title>', hint: '', scale, label: String, series: [{ name: 'one & all', values }] });

  it('draws a line for each stretch that has values, and a dot for one alone', () => {
    const html = chart([1, 2, undefined, 4]);
    expect(html.match(/ d="([^"]*)"/)?.[1]).toMatch(/^M[\d.]+ [\d.]+L[\d.]+ [\d.]+M[\d.]+ [\d.]+h0$/);
    expect(html).toContain('A &lt;title&gt;');
    expect(html).toContain('one &amp; all');
  });

  it.each([[[]], [[0]], [[undefined]], [[0, 0, 0]], [[1e-9, 1e12]]])('draws %j on both scales', (values) => {
    expect(chart(values)).not.toMatch(/NaN|Infinity/);
    expect(chart(values, 'log')).not.toMatch(/NaN|Infinity/);
  });
});

describe('scales', () => {
  it('have round numbers', () => {
    expect(linearScale(87).ticks).toEqual([0, 50, 100]);
    expect(linearScale(4).ticks).toEqual([0, 1, 2, 3, 4]);
    expect(linearScale(1234).ticks).toEqual([0, 500, 1000, 1500]);
    expect(logScale(3, 420).ticks).toEqual([1, 10, 100, 1000]);
    expect(logScale(3, 420).at(1)).toBe(0);
    expect(logScale(3, 420).at(1000)).toBe(1);
  });

  it('say times as people do', () => {
    expect([0.123, 1.26, 12.4, 999.6, 1530, 61_000].map(msText)).toEqual([
      '0.12 ms',
      '1.3 ms',
      '12 ms',
      '1000 ms',
      '1.53 s',
      '61.0 s',
    ]);
  });
});
