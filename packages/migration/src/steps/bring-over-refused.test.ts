import { expect, it } from 'vitest';
import { defaultMapping } from '../mapping/parse.ts';
import { aLegacyEvent } from '../testing.ts';
import { bringOver } from './bring-over.ts';
import type { EventProgress, MigrationPorts } from './ports.ts';

it('stops an event that the rules refuse, and says why', async () => {
  const legacy = aLegacyEvent();
  const noted: EventProgress[] = [];
  const warnings: string[] = [];
  const ports = {
    now: () => 1,
    observer: { warned: (_message: string, _legacyId: string, error: Error) => warnings.push(error.message) },
    legacy: { readEvents: async () => [legacy] },
    rollcall: { heads: async () => new Map(), apply: async () => ({ kind: 'refused', reason: 'too-many-roles' }) },
    state: {
      find: async () => new Map(),
      putFrom: async (_phase: unknown, progress: EventProgress) => noted.push(progress) > 0,
    },
  } as unknown as MigrationPorts;
  const brought = await bringOver(ports, { mapping: defaultMapping, limits: { attemptsMax: 1 } }, [legacy.legacyId]);
  expect(brought).toMatchObject([{ outcome: 'stopped' }]);
  expect(noted).toMatchObject([{ phase: 'shadowed' }, { phase: 'stopped' }]);
  expect(warnings).toEqual(['too-many-roles']);
});
