import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decisionsPage } from './decisions.ts';
import { mappingPage } from './mapping.ts';
import { settingsPage } from './settings.ts';

const docsDir = join(import.meta.dirname, '../../docs');

/** Writes the pages under docs/ that are generated from the code. */
writeFileSync(join(docsDir, 'settings.md'), settingsPage());
writeFileSync(join(docsDir, 'decisions.md'), decisionsPage());
writeFileSync(join(docsDir, 'migration-mapping.md'), mappingPage());
