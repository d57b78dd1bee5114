import { describe, expect, it } from 'vitest';
import { createRandom } from '../random.ts';
import { commonSettings, scenarios, type Act, type LoadSettings, type Scenario } from './index.ts';
import { zipf } from './many-events.ts';

const many = 20_000;

const settingsOf = ({ defaults }: Scenario, more: Partial<LoadSettings> = {}): LoadSettings => ({
  ...commonSettings,
  ...defaults,
  ...more,
});

const actsOf = (scenario: Scenario, settings = settingsOf(scenario)): readonly Act[] =>
  Array.from({ length: many }, (_, n) => scenario.act(n, createRandom(5, n), settings));

/** Of 1, how many acts are like this. */
const part = (acts: readonly Act[], isIt: (act: Act) => boolean): number => acts.filter(isIt).length / acts.length;

function named(name: string): Scenario {
  const scenario = scenarios.find((one) => one.name === name);
  if (scenario === undefined) throw new Error(`there is no ${name}`);
  return scenario;
}

describe.each(scenarios.map((scenario) => [scenario.name, scenario] as const))('%s', (_, scenario) => {
  it('does the same for the same arrival', () => {
    expect(actsOf(scenario)).toEqual(actsOf(scenario));
  });

  it('names only users, events and roles that there are', () => {
    const settings = settingsOf(scenario, { users: 50, events: 3 });
    const roles = scenario.roles(settings);
    expect(roles.length).toBeGreaterThan(0);
    expect(roles.reduce((sum, { capacity }) => sum + capacity, 0)).toBe(settings.seats);
    const wrong = actsOf(scenario, settings).filter((act) => {
      const isUser = !('user' in act) || (Number.isInteger(act.user) && act.user >= 0 && act.user < 50);
      const isRole = !('role' in act) || roles[act.role] !== undefined;
      const isPick = !('pick' in act) || (act.pick >= 0 && act.pick < 1);
      return !isUser || !isRole || !isPick || !Number.isInteger(act.event) || act.event < 0 || act.event >= 3;
    });
    expect(wrong).toEqual([]);
  });
});

it('rushes, with second clicks and cancels', () => {
  const acts = actsOf(named('rush'));
  expect(part(acts, ({ kind }) => kind === 'sign-up')).toBe(1);
  expect(part(acts, (act) => 'secondClickAfterMs' in act)).toBeCloseTo(0.1, 1);
  expect(part(acts, (act) => 'cancelAfterMs' in act)).toBeCloseTo(0.08, 1);
  // Everybody comes once before anybody comes twice.
  expect(new Set(acts.map((act) => 'user' in act && act.user)).size).toBe(many);
});

it('browses 95 of 100 times', () => {
  expect(part(actsOf(named('browse')), ({ kind }) => kind === 'read')).toBeCloseTo(0.95, 2);
});

it('prefers some of many events by far', () => {
  const acts = actsOf(named('many-events'));
  const [first, second] = [0, 1].map((event) => part(acts, (act) => act.event === event));
  // 1 / H(200) = 0.17.
  expect(first).toBeCloseTo(0.17, 1);
  expect((first ?? 0) / (second ?? 1)).toBeCloseTo(2, 0);
  expect(new Set(acts.map(({ event }) => event)).size).toBe(200);
  expect(zipf(1)(createRandom(1))).toBe(0);
});

it('lets a waitlist be asked for and left, from its head too, and joined by others than those who wait', () => {
  const scenario = named('waitlist');
  const settings = settingsOf(scenario);
  const acts = actsOf(scenario);
  expect(part(acts, ({ kind }) => kind === 'look')).toBeCloseTo(0.5, 1);
  expect(part(acts, ({ kind }) => kind === 'cancel')).toBeCloseTo(0.35, 1);
  const head = (2 * settings.seats) / (settings.seats + settings.waiting);
  expect(part(acts, (act) => act.kind === 'cancel' && act.pick < head)).toBeGreaterThan(0.18);
  const users = acts.flatMap((act) => (act.kind === 'sign-up' ? [act.user] : []));
  expect(Math.min(...users)).toBeGreaterThanOrEqual(settings.seats + settings.waiting);
});

it('lets staff change, move and remove during a rush', () => {
  const acts = actsOf(named('mixed-admin'));
  for (const kind of ['change-capacity', 'move', 'remove']) {
    expect(part(acts, (act) => act.kind === kind)).toBeGreaterThan(0.01);
  }
  expect(part(acts, ({ kind }) => kind === 'sign-up')).toBeCloseTo(0.95, 2);
  const capacities = acts.flatMap((act) => (act.kind === 'change-capacity' ? [act.capacity] : []));
  expect(Math.min(...capacities)).toBeGreaterThanOrEqual(125);
  expect(Math.max(...capacities)).toBeLessThanOrEqual(375);
});

it('is an even day, with looking and cancels', () => {
  expect(named('steady').defaults.spacing).toBe('even');
  const acts = actsOf(named('steady'));
  expect(part(acts, ({ kind }) => kind === 'read')).toBeCloseTo(0.3, 1);
  expect(part(acts, (act) => 'cancelAfterMs' in act)).toBeCloseTo(0.07, 1);
});

it('is followed by live streams', () => {
  expect(named('live').defaults.streams).toBeGreaterThan(0);
});
