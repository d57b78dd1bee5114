import { apiSettings } from '../../apps/api/src/config.ts';
import { workerSettings } from '../../apps/worker/src/config.ts';

interface Setting {
  readonly description?: string;
  readonly default?: unknown;
  readonly type?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly anyOf?: readonly { readonly const?: unknown }[];
}

interface Settings {
  readonly properties: object;
  readonly required?: readonly string[];
}

/** The page of all settings, from where they are defined. */
export function settingsPage(): string {
  return [
    '# Settings',
    '',
    'Environment variables of the two processes. This page is written by `npm run docs` from',
    '`apps/api/src/config.ts` and `apps/worker/src/config.ts`.',
    '',
    '## API',
    '',
    ...table(apiSettings),
    '',
    '## Worker',
    '',
    ...table(workerSettings),
    '',
  ].join('\n');
}

function table({ properties, required = [] }: Settings): string[] {
  const rows = Object.entries(properties).map(([name, setting]: [string, Setting]) => {
    const fallback =
      setting.default === undefined ? (required.includes(name) ? 'required' : 'not set') : shown(setting.default);
    return `| \`${name}\` | ${setting.description ?? ''} | ${fallback} | ${range(setting)} |`;
  });
  return ['| setting | what it is | default | range |', '|---|---|---|---|', ...rows];
}

const shown = (value: unknown) => (value === '' ? 'empty' : `\`${String(value)}\``);

function range({ minimum, maximum, anyOf, type, minLength }: Setting): string {
  if (anyOf !== undefined) return anyOf.map(({ const: word }) => shown(word)).join(', ');
  if (minimum !== undefined && maximum !== undefined) return `${minimum} to ${maximum}`;
  if (minLength !== undefined && minLength > 1) return `text, at least ${minLength} characters`;
  return type === 'string' ? 'text' : '';
}
