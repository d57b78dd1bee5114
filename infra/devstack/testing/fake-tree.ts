import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { rootDir, toolsDir } from '../paths.ts';

/**
 * A folder that looks like this repository to `start.ts`, with the real servers and with stand-ins for the apps, so that starting and
 * stopping can be tested apart from what the apps do.
 */
export function makeFakeTree(): { readonly root: string; remove(): void } {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'rollcall-tree-')));
  cpSync(join(rootDir, 'infra'), join(root, 'infra'), {
    recursive: true,
    filter: (file) => !file.includes('node_modules'),
  });
  symlinkSync(join(rootDir, 'infra/node_modules'), join(root, 'infra/node_modules'));
  mkdirSync(toolsDir, { recursive: true });
  symlinkSync(toolsDir, join(root, '.tools'));
  for (const [file, text] of Object.entries(fakeApps)) {
    mkdirSync(join(root, dirname(file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  return { root, remove: () => rmSync(root, { recursive: true, force: true }) };
}

const stopsWhenAsked = `process.on('SIGTERM', () => { console.log('stopped in order'); process.exit(0) })\n`;

const fakeApps = {
  'apps/api/src/main.ts': `${stopsWhenAsked}
    import { createServer } from 'node:http'
    createServer((request, response) => response.writeHead(request.url === '/health/ready' ? 200 : 404).end())
      .listen(Number(process.env['API_PORT']), process.env['API_HOST'])`,
  'apps/worker/src/main.ts': `${stopsWhenAsked}
    console.log('connected to', process.env['MONGODB_URL'], process.env['REDIS_URL'], 'secret:', process.env['AUTH_JWT_SECRET'])
    setInterval(() => {}, 1_000)`,
  'apps/cli/src/main.ts': `
    if (process.argv[2] === 'demo') {
      console.log(JSON.stringify({ eventId: 'e1', roleId: 'r1', tokens: { organizer: 'o', alice: 'a', bob: 'b' } }))
    }`,
};
