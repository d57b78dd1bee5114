import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const rootDir = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** Everything that the bootstrap fetches. Deleting it costs a download, nothing else. */
export const toolsDir = join(rootDir, '.tools');
