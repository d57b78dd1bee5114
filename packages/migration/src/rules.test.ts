import { describe, expect, it } from 'vitest';
import { findingKinds, kinds, meaningOfRule, rulesOf } from './rules.ts';

describe('the rules', () => {
  it.each(findingKinds)('of %s each say what they do', (kind) => {
    expect(kinds[kind].means).not.toBe('');
    for (const rule of rulesOf(kind)) expect(meaningOfRule(kind, rule)).not.toBe('');
  });

  it('begin with the documented default', () => {
    expect(
      (['array-only', 'document-only', 'over-capacity', 'unknown-role', 'two-roles', 'notes-differ'] as const).map(
        (kind) => rulesOf(kind)[0],
      ),
    ).toEqual(['confirm', 'keep', 'keep', 'stop', 'keep-all', 'document']);
  });
});
