import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const everyBatches = 50;

/**
 * Left to itself, Node lets garbage grow with the size of the machine: a million registrations took up to 607 MB. Little of
 * it is alive, because what has to be kept lies outside of the heap, so collecting it all is cheap.
 *
 * @returns to be called after each batch
 */
export function createGarbageCollector(): () => void {
  let batches = 0;
  return () => {
    batches += 1;
    if (batches % everyBatches === 0) collect();
  };
}
