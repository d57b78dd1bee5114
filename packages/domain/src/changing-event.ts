import type { ChangeEventSettings, EventStatus, Instant } from './command.ts';
import { reject, type Decision } from './decision.ts';
import type { Limit } from './shortage.ts';
import type { DomainEvent, EventSettingsChanged } from './domain-event.ts';
import { changeLimits } from './changing-limits.ts';
import { poolsMax } from './limits.ts';
import { brokenRule, patchedPools, patchedSettings, sameJson } from './settings.ts';
import type { EventState, ExistingEvent } from './state.ts';

export function changeEventSettings(
  state: EventState,
  current: ExistingEvent,
  command: ChangeEventSettings,
  decidedAt: Instant,
): Decision {
  const { status = current.status } = command;
  if (!mayBecome(current.status, status)) {
    return reject({ reason: 'status-change-refused', from: current.status, to: status });
  }
  const settings = patchedSettings(current.settings, command.settings);
  const pools = patchedPools(current.pools, command.pools);
  const settingsChanged = settingsChange(current.settings, settings);
  const poolsChanged = !sameJson(pools, current.pools);
  if (current.status === 'cancelled' && (settingsChanged !== undefined || poolsChanged)) {
    return reject({ reason: 'event-cancelled' });
  }
  if (pools === undefined) return reject({ reason: 'settings-invalid', rule: 'pool-has-capacity-and-roles' });
  const roles = [...current.roles.values()].map(({ role }) => role);
  const rule = brokenRule({ settings, roles, pools });
  if (rule !== undefined) return reject({ reason: 'settings-invalid', rule });
  if (pools.length > poolsMax) return reject({ reason: 'too-many-pools', poolsMax });

  const next: ExistingEvent = { ...current, status, settings, pools };
  const limits: Limit[] = [...pools.map(({ poolId }): Limit => ({ limit: 'pool', poolId })), { limit: 'event' }];
  const facts = [
    ...(settingsChanged === undefined ? [] : [settingsChanged]),
    ...(poolsChanged ? [{ type: 'PoolsChanged', before: current.pools, after: pools } as const] : []),
    ...(status === current.status ? [] : [statusFact(status)]),
  ];
  return changeLimits(state, { current, next, limits, facts, command, decidedAt });
}

/** draft → open ⇄ closed, and each of them → cancelled. To be what it is already is accepted and changes nothing. */
function mayBecome(from: EventStatus, to: EventStatus): boolean {
  if (from === to) return true;
  switch (to) {
    case 'draft':
      return false;
    case 'open':
      return from === 'draft' || from === 'closed';
    case 'closed':
      return from === 'open';
    case 'cancelled':
      return true;
  }
}

function statusFact(status: EventStatus): DomainEvent {
  switch (status) {
    case 'open':
      return { type: 'EventOpened' };
    case 'closed':
      return { type: 'EventClosed' };
    case 'cancelled':
      return { type: 'EventCancelled' };
    case 'draft':
      throw new Error('no event becomes a draft again');
  }
}

function settingsChange(before: object, after: object): EventSettingsChanged | undefined {
  const [then, now] = [new Map(Object.entries(before)), new Map(Object.entries(after))];
  const changed = [...new Set([...then.keys(), ...now.keys()])].filter((name) => then.get(name) !== now.get(name));
  if (changed.length === 0) return undefined;
  const only = (settings: ReadonlyMap<string, unknown>) =>
    Object.fromEntries(changed.flatMap((name) => (settings.has(name) ? [[name, settings.get(name)]] : [])));
  return { type: 'EventSettingsChanged', before: only(then), after: only(now) };
}
