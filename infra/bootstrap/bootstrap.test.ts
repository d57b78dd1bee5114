import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

/** A clone with nothing in it but the bootstrap, and an npm that makes its packages up: no network, and every failure at will. */
let root: string;
const here = import.meta.dirname;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'rollcall-bootstrap-'));
  cpSync(here, join(root, 'infra/bootstrap'), { recursive: true, filter: (file) => !file.endsWith('.test.ts') });
  put('package.json', '{ "type": "module" }');
  put('pnpm-lock.yaml', 'lockfileVersion: 9');
  put('fake-bin/npm', fakeNpm);
  put(
    'apps/cli/src/main.ts',
    `const args: string[] = process.argv.slice(2); console.log('cli', args.join(' '), process.cwd())`,
  );
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test('the first run installs and says so, the second only runs, and both pass arguments and the exit code on', async () => {
  const first = await run(['lint', 'packages/domain', '--quiet']);
  expect(first).toMatchObject({ code: 3, stdout: 'lint --type-aware packages/domain --quiet\n' });
  expect(first.stderr).toMatch(/installing pnpm 12[^]*installing the workspace/);
  expect(await run(['lint'])).toEqual({ code: 3, stdout: 'lint --type-aware\n', stderr: '' });
  expect(installs()).toEqual(['pnpm', 'workspace']);
});

test.each(['pnpm-lock.yaml', 'package.json', 'apps/cli/package.json', 'infra/package.json'])(
  'a change of %s installs again',
  async (file) => {
    await run(['lint']);
    put(file, '{ "type": "module", "version": "2.0.0" }');
    await run(['lint']);
    expect(installs()).toEqual(['pnpm', 'workspace', 'workspace']);
  },
);

test('three at once do the work once', async () => {
  const results = await Promise.all([run(['lint']), run(['lint']), run(['lint'])]);
  expect(results.map((result) => result.code)).toEqual([3, 3, 3]);
  expect(installs()).toEqual(['pnpm', 'workspace']);
  expect(readdirSync(join(root, '.tools'))).toEqual(['pnpm-12.21.0']);
});

test('a lock whose owner died is taken over', async () => {
  const gone = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  await new Promise((resolve) => gone.once('exit', resolve));
  put('.tools/pnpm.lock', String(gone.pid));
  put('.tools/workspace.lock', String(gone.pid));
  expect((await run(['lint'])).code).toBe(3);
});

test('a failed download says what to do, leaves nothing half-made, and the next run goes on', async () => {
  const failed = await run(['lint'], { FAKE_NPM: 'fails' });
  expect(failed).toMatchObject({ code: 1, stdout: '' });
  expect(failed.stderr).toMatch(/could not install pnpm[^]*ECONNREFUSED[^]*npm ping/);
  expect(readdirSync(join(root, '.tools'))).toEqual([]);
  expect((await run(['lint'])).code).toBe(3);
});

test('a failed install of the workspace is not taken for a good one', async () => {
  const failed = await run(['lint'], { FAKE_PNPM: 'ERR_PNPM_OUTDATED_LOCKFILE' });
  expect(failed.code).toBe(1);
  expect(failed.stderr).toMatch(/OUTDATED_LOCKFILE[^]*npm run pnpm -- install/);
  expect((await run(['lint'])).code).toBe(3);
});

test('`rollcall` runs in the folder of its caller', async () => {
  mkdirSync(join(root, 'docs'));
  const result = await run(['token', '--user', 'u 1'], {}, { entry: 'rollcall.mjs', cwd: join(root, 'docs') });
  expect(result).toMatchObject({ code: 0, stdout: `cli token --user u 1 ${join(root, 'docs')}\n` });
});

test('an unknown script is refused with the list of those there are', async () => {
  const result = await run(['strat']);
  expect(result.code).toBe(1);
  expect(result.stderr).toContain('start, rollcall, test');
});

test('a signal reaches the script, and its death is told as a shell would', async () => {
  put('apps/cli/src/main.ts', `console.log('up'); setInterval(() => {}, 1_000)`);
  const child = spawn(process.execPath, [join(root, 'infra/bootstrap/rollcall.mjs')], {
    env: environment(),
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  child.stdout.once('data', () => child.kill('SIGTERM'));
  expect(await new Promise((resolve) => child.once('exit', resolve))).toBe(143);
});

test('every script of package.json has its line in the table, and the other way round', async () => {
  const manifest = JSON.parse(readFileSync(join(here, '../../package.json'), 'utf8')) as {
    scripts: Record<string, string>;
    bin: object;
  };
  const { stderr } = await run(['?']);
  const known = /there are: (.*)/.exec(stderr)![1]!.split(', ');
  expect(known.toSorted()).toEqual(Object.keys(manifest.scripts).toSorted());
  for (const [name, line] of Object.entries(manifest.scripts))
    expect(line.replace(/^exec /, '')).toBe(`node infra/bootstrap/run.mjs ${name}`);
  expect(manifest.bin).toEqual({ rollcall: 'infra/bootstrap/rollcall.mjs' });
});

function put(file: string, text: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text, { mode: 0o755 });
}

function installs(): string[] {
  const log = join(root, 'installs.log');
  return existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : [];
}

function environment(extra: Record<string, string> = {}): NodeJS.ProcessEnv {
  const path = [join(root, 'fake-bin'), dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter);
  return { PATH: path, HOME: root, FAKE_ROOT: root, ...extra };
}

function run(
  args: string[],
  extra: Record<string, string> = {},
  { entry = 'run.mjs', cwd = root } = {},
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(root, 'infra/bootstrap', entry), ...args], {
      env: environment(extra),
      cwd,
    });
    const output = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk) => void (output.stdout += String(chunk)));
    child.stderr.on('data', (chunk) => void (output.stderr += String(chunk)));
    child.once('close', (code) => resolve({ code, ...output }));
  });
}

/** "Installs" a pnpm that "installs" an oxlint that prints its arguments. */
const fakeNpm = `#!/bin/sh
if [ "$FAKE_NPM" = fails ]; then echo 'npm error ECONNREFUSED' >&2; exit 1; fi
for arg in "$@"; do case "$arg" in --prefix=*) prefix=\${arg#--prefix=};; esac; done
sleep 0.2
echo pnpm >> "$FAKE_ROOT/installs.log"
mkdir -p "$prefix/node_modules/pnpm/bin"
cat > "$prefix/node_modules/pnpm/bin/pnpm.mjs" <<'END'
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
if (process.env.FAKE_PNPM) { console.log(process.env.FAKE_PNPM); process.exit(1) }
appendFileSync(process.env.FAKE_ROOT + '/installs.log', 'workspace\\n')
mkdirSync('node_modules/oxlint', { recursive: true })
writeFileSync('node_modules/oxlint/package.json', '{ "bin": { "oxlint": "oxlint.js" }, "type": "commonjs" }')
writeFileSync('node_modules/oxlint/oxlint.js', 'console.log("lint", process.argv.slice(2).join(" ")); process.exit(3)')
END
`;
