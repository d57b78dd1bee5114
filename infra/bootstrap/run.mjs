// Entry of every `npm run` script: node infra/bootstrap/run.mjs <script> [arguments…]
import { launch } from './launch.mjs';

const [script, ...args] = process.argv.slice(2);
await launch(script ?? '', args);
