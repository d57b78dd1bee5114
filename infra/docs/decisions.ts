import { factName, statusOf } from '../../apps/api/src/http/problems.ts';
import {
  cancelCauseMeanings,
  commandTypeMeanings,
  domainEventMeanings,
  removalCodeMeanings,
  settingsRuleMeanings,
} from '../../packages/contracts/src/http/index.ts';
import { reasons, shortageReasons, type Reason } from '../../packages/domain/src/index.ts';

/** The page of all codes that decisions give, from where they are defined. */
export function decisionsPage(): string {
  return [
    '# Decisions',
    '',
    'Every command gets exactly one decision: accepted, or refused for one of the reasons below. This page is written by',
    '`npm run docs` from `packages/domain/src/reasons.ts`, `words.ts` and `journal-words.ts` of `packages/contracts/src/http`,',
    'and `apps/api/src/http/problems.ts`. When which of them applies is told by [rules.md](rules.md).',
    '',
    'Codes are stable. The journal keeps the code with its facts. Over HTTP a refusal is a problem document (RFC 9457)',
    'whose `type` is `/problems/` and the code; the facts are members of it, times in RFC 3339. `eventStatus` and',
    '`registrationStatus` are `status` in the journal: a problem has a `status` of its own.',
    '',
    '## Why a command is refused',
    '',
    ...table(
      ['code', 'HTTP', 'meaning', 'facts'],
      (Object.keys(reasons) as Reason[]).map((reason) => [
        code(reason),
        String(statusOf(reason)),
        reasons[reason].means,
        factsOf(reason),
      ]),
    ),
    '',
    '## Why somebody waits',
    '',
    'A place on a waitlist carries, as `because`, why there was no seat: one of these codes with its facts.',
    '',
    ...table(
      ['code', 'meaning', 'facts'],
      shortageReasons.map((reason) => [code(reason), reasons[reason].means, factsOf(reason)]),
    ),
    '',
    '## What a decision says',
    '',
    'An accepted command leaves domain events in the journal. Each has its `type`, and those of registrations have',
    '`registrationId`, `userId`, `roleId` and `sequence` besides. A name that ends in `At` is a time.',
    '',
    ...table(['domain event', 'what happened'], words(domainEventMeanings)),
    '',
    'The command that it was is the `type` of the decision:',
    '',
    ...table(['command', 'what was asked for'], words(commandTypeMeanings)),
    '',
    '## Which settings contradict each other',
    '',
    'The `rule` of `settings-invalid`. A new event that breaks one is refused with 400 before it is a command.',
    '',
    ...table(['rule', 'what must be so'], words(settingsRuleMeanings)),
    '',
    '## Why staff took a seat',
    '',
    'The `reasonCode` of a removal, and the `cancelReasonCode` of the registration.',
    '',
    ...table(['code', 'meaning'], words(removalCodeMeanings)),
    '',
    '## Why a registration ended',
    '',
    'The `cancelCause` of a cancelled registration.',
    '',
    ...table(['cause', 'meaning'], words(cancelCauseMeanings)),
    '',
  ].join('\n');
}

const code = (text: string) => `\`${text}\``;

function factsOf(reason: Reason): string {
  const facts: Readonly<Record<string, string>> = reasons[reason].facts;
  return Object.entries(facts)
    .map(([name, says]) => `${code(factName(reason, name))}: ${says}`)
    .join('<br>');
}

const words = (meanings: Readonly<Record<string, string>>) =>
  Object.entries(meanings).map(([word, meaning]) => [code(word), meaning]);

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string[] =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
