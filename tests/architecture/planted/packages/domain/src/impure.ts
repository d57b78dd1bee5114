import { readFileSync } from 'node:fs';
import { engine } from '../../engine/src/index.ts';

export const impure = [readFileSync, engine];
