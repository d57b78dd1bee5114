import { expect, it } from 'vitest';
import { etagOf, isNamed } from './etag.ts';

const etag = '"7-c,d"';

it.each(['"7-c,d"', 'W/"7-c,d"', '*', ' * ', '"a", "7-c,d"', '"a",W/"7-c,d" , "b"', '"", "7-c,d"'])(
  'If-None-Match: %s names it',
  (header) => {
    expect(isNamed(etag, header)).toBe(true);
  },
);

it.each(['', '"7"', '7-c,d', 'w/"7-c"', '"a", "b"', '"*"', 'W/"7-c,d', '"a7-c,d"'])(
  'If-None-Match: %s does not',
  (header) => {
    expect(isNamed(etag, header)).toBe(false);
  },
);

it('equal texts have the same tag, and only they', () => {
  expect(etagOf('a')).toBe(etagOf('a'));
  expect(etagOf('a')).not.toBe(etagOf('b'));
  expect(isNamed(etagOf('a'), etagOf('a'))).toBe(true);
});
