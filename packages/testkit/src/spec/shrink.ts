import type { Command } from '@rollcall/domain';

/**
 * The story with as few commands as it takes to still go wrong in the same way. Greedy: it leaves out ever smaller stretches,
 * until not one command can go.
 *
 * @param fault what goes wrong, as text; undefined if nothing does
 */
export function shrink(
  story: readonly Command[],
  fault: (story: readonly Command[]) => string | undefined,
): readonly Command[] {
  const wanted = fault(story);
  if (wanted === undefined) throw new Error('nothing is wrong with this story');
  let [shortest, size] = [story, story.length];
  while (size > 0) {
    const before = shortest.length;
    for (let from = shortest.length - size; from >= 0; from -= size) {
      const shorter = shortest.toSpliced(from, size);
      if (fault(shorter) === wanted) shortest = shorter;
    }
    if (size > 1) size = Math.floor(size / 2);
    else if (shortest.length === before) size = 0;
  }
  return shortest;
}
