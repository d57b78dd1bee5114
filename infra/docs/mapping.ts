import { findingKinds, kinds, mappingSchema, meaningOfRule, rulesOf } from '../../packages/migration/src/index.ts';

interface Entry {
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Entry>>;
}

/** The page of all entries of a mapping file and of the rules, from where they are defined. */
export function mappingPage(): string {
  const { rules, ...entries } = mappingSchema.properties as object as Readonly<Record<string, Entry>>;
  return [
    '# The mapping file of the migration',
    '',
    'A JSON file that says what the old system calls what, and by which rules its disagreements are settled. Everything may be left',
    'out: the defaults are those below. Unknown entries are refused. Names are of fields of the document itself, without dots.',
    'This page is written by `npm run docs` from `packages/migration/src/mapping/schema.ts` and `packages/migration/src/rules.ts`.',
    '',
    '## Entries',
    '',
    '| entry | what it is | default |',
    '|---|---|---|',
    ...Object.entries(entries).flatMap(([name, entry]) => rows(name, entry)),
    '',
    '## Rules',
    '',
    `${rules?.description ?? ''} is an entry of \`rules\`. The first rule of a kind is used unless the file names another.`,
    '',
    '| entry | what disagrees | rules |',
    '|---|---|---|',
    ...findingKinds.map((kind) => {
      const choices = rulesOf(kind).map((rule) => `\`${rule}\`: ${meaningOfRule(kind, rule)}`);
      return `| \`${kind}\` | ${kinds[kind].means} | ${choices.join('<br>')} |`;
    }),
    '',
  ].join('\n');
}

function rows(name: string, { description = '', default: fallback, properties }: Entry): string[] {
  if (properties === undefined) return [`| \`${name}\` | ${description} | \`${JSON.stringify(fallback)}\` |`];
  return [
    `| **\`${name}\`** | **${description}** | |`,
    ...Object.entries(properties).flatMap(([part, entry]) => rows(`${name}.${part}`, entry)),
  ];
}
