import { join, resolve } from 'node:path';

export const rootDir = resolve(import.meta.dirname, '../..');
export const toolsDir = join(rootDir, '.tools');
/** What this machine keeps between starts. Git ignores it. */
export const dataDir = join(rootDir, '.data');
