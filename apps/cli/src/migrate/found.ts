import { kinds, type Finding, type FindingFacts, type FindingKind } from '@rollcall/migration';
import { tableOf } from './table.ts';

interface Found {
  events: number;
  count: number;
  readonly examples: string[];
  rule: string;
}

/** Counts what was found in many events, and keeps an example or two of each kind. */
export interface Findings {
  add(legacyId: string, findings: readonly Finding[]): void;
  readonly byKind: Readonly<Record<string, number>>;
  /** A line for each kind: how often, in how many events, by which rule it is settled, and where one is. */
  table(): string;
  summary(): readonly Readonly<Record<string, unknown>>[];
}

export function createFindings(examplesMax: number): Findings {
  const found = new Map<FindingKind, Found>();
  return {
    add(legacyId, findings) {
      for (const { kind, rule, count, examples } of findings) {
        const known = found.get(kind) ?? { events: 0, count: 0, examples: [], rule };
        known.events += 1;
        known.count += count;
        if (known.examples.length < examplesMax) known.examples.push(exampleOf(legacyId, examples[0]));
        found.set(kind, known);
      }
    },
    get byKind() {
      return Object.fromEntries([...found].map(([kind, { count }]) => [kind, count]));
    },
    table() {
      const rows = [...found]
        .toSorted(([, a], [, b]) => b.count - a.count)
        .map(([kind, { count, events, rule, examples }]) => [
          kind,
          count,
          events,
          rule,
          othersOf(kind, rule),
          examples[0] ?? '',
        ]);
      return tableOf(['kind', 'found', 'events', 'rule', 'other rules', 'for instance'], rows);
    },
    summary: () =>
      [...found].map(([kind, { count, events, rule, examples }]) => ({
        kind,
        means: kinds[kind].means,
        count,
        events,
        rule,
        does: (kinds[kind].rules as Readonly<Record<string, string>>)[rule],
        examples,
      })),
  };
}

const othersOf = (kind: FindingKind, rule: string): string =>
  Object.keys(kinds[kind].rules)
    .filter((other) => other !== rule)
    .join(', ');

function exampleOf(eventId: string, facts: FindingFacts = {}): string {
  const told = Object.entries(facts).map(([name, value]) => `${name} ${String(value)}`);
  return [`event ${eventId}`, ...told].join(', ');
}
