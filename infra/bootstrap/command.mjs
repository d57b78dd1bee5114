import { spawn } from 'node:child_process';

/**
 * Runs a command to its end with its output kept back, because a set-up that works need not be read.
 * @param {string} file @param {string[]} args @param {import('node:child_process').SpawnOptions} [options]
 * @returns {Promise<{ ok: boolean, output: string }>} `ok` is false for any exit code but 0, and when there is no such command.
 */
export function runQuietly(file, args, options = {}) {
  return new Promise((settle) => {
    const child = spawn(file, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const keep = (chunk) => {
      output = (output + chunk).slice(-20_000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) => settle({ ok: false, output: error.message }));
    child.on('close', (code) => settle({ ok: code === 0, output }));
  });
}

/** The start of npm's output, where it says what is wrong before it says where it logged that. @param {string} output */
export function firstLines(output, count = 4) {
  const lines = output.split('\n').map((line) => line.replace(/^npm (error|ERR!) ?/, ''));
  return lines
    .filter((line) => line.trim() !== '')
    .slice(0, count)
    .join('\n    ');
}

/** The end of a command's output, short enough to print beside advice. @param {string} output */
export function lastLines(output, count = 6) {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  return lines.slice(-count).join('\n    ');
}
