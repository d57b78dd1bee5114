#!/usr/bin/env node
// Entry of `npx rollcall …`: npx runs this file straight from a fresh clone, before anything is installed.
import { launch } from './launch.mjs';

await launch('rollcall', process.argv.slice(2));
