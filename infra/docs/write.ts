import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { settingsPage } from './settings.ts';

/** Writes the pages under docs/ that are generated from the code. */
writeFileSync(join(import.meta.dirname, '../../docs/settings.md'), settingsPage());
