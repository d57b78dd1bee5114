import type { CommitId } from '@rollcall/domain';
import { expect, it } from 'vitest';
import { frameOf, idOf, idOfText, retryFrame, versionIn } from './frames.ts';

it('are as server-sent events are written', () => {
  const id = idOf({ version: 7, commitId: 'c_-1' as CommitId });
  expect(frameOf('counts', id, '{"a":"ü"}').toString()).toBe('id: 7-c_-1\nevent: counts\ndata: {"a":"ü"}\n\n');
  expect(retryFrame(2000.6).toString()).toBe('retry: 2001\n\n');
});

it('know a state by its text too, when it may be newer than the head', () => {
  const head = { version: 7, commitId: 'c_-1' as CommitId };
  const [before, after] = [idOfText(head, '{"a":1}'), idOfText(head, '{"a":2}')];
  expect(before).toMatch(/^7-c_-1-[\w-]{12}$/);
  expect(after).not.toBe(before);
  expect(idOfText(head, '{"a":1}')).toBe(before);
  expect(versionIn(before)).toBe(7);
});

it.each([
  ['7-c_-1', 7],
  ['999999999999999-x', 999_999_999_999_999],
  ['9999999999999999-x', undefined],
  ['-7-x', undefined],
  ['7', undefined],
  ['7-', undefined],
  ['7-ä', undefined],
  ['7.5-x', undefined],
  [`7-${'x'.repeat(65)}`, undefined],
  ['x'.repeat(10_000), undefined],
  ['', undefined],
  [undefined, undefined],
])('Last-Event-ID %s is of version %s', (lastEventId, version) => {
  expect(versionIn(lastEventId)).toBe(version);
});
