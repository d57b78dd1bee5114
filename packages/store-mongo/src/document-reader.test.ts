import * as fc from 'fast-check';
import { BSON } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { createDocumentReader } from './document-reader.ts';

const bytesOf = (document: BSON.Document) => Buffer.from(BSON.serialize(document));
const byLibrary = (bytes: Buffer) => BSON.deserialize(bytes, { validation: { utf8: false } });

const anyText = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', 'Ā', 'é'.repeat(11), 'x'.repeat(22)),
);
const anyName = anyText.map((text) => text.replaceAll('\u0000', ''));
const anyTime = fc.date({ noInvalidDate: true });
const anyNumber = fc.oneof(fc.integer(), fc.double(), fc.maxSafeInteger());
const ours = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    anyText,
    anyNumber,
    anyTime,
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 12 }),
    tie('document'),
  ),
  document: fc.dictionary(anyName, tie('value'), { maxKeys: 8 }),
}));

describe('a document', () => {
  it('of what is stored here is read as by the library', () => {
    const read = createDocumentReader();
    fc.assert(
      fc.property(ours.document, (document) => {
        const bytes = bytesOf(document);
        expect(read(bytes)).toStrictEqual(byLibrary(bytes));
      }),
    );
  });

  it('is read the same when its short texts come again', () => {
    const read = createDocumentReader();
    // More different ones than are kept.
    const documents = Array.from({ length: 5_000 }, (_, n) => ({
      [`field-${n % 3_000}`]: `é${n % 2_500}`,
      status: 'open',
    }));
    for (const document of documents) expect(read(bytesOf(document))).toEqual(document);
  });

  it('is not read as another whose characters are numbered as its bytes are', () => {
    const read = createDocumentReader();
    // They are looked for in the same place.
    for (const userId of ['6Ã±aÃ©aÃ©a', '6ñaéaéa']) expect(read(bytesOf({ userId }))).toEqual({ userId });
  });

  it('stands anywhere in the bytes of an answer', () => {
    const read = createDocumentReader();
    const document = { version: 7, at: new Date(-1), facts: [{ type: 'EventOpened' }] };
    const bytes = Buffer.concat([bytesOf({ other: 1 }), bytesOf(document), bytesOf({ other: 2 })]);
    const start = bytesOf({ other: 1 }).length;
    expect(read(bytes.subarray(start, start + bytesOf(document).length))).toEqual(document);
  });

  const bytes = Buffer.from('ff', 'hex');
  it.each([
    ['a long', { a: BSON.Long.fromNumber(5) }],
    ['bytes', { a: [{ b: new BSON.Binary(bytes) }] }],
    ['an object id', { _id: new BSON.ObjectId(), a: 1 }],
    ['a decimal', { a: 1, b: BSON.Decimal128.fromString('1.5') }],
    ['a regular expression', { a: /x/ }],
    ['a name that is none', JSON.parse('{"a":{"__proto__":{"b":1}}}') as BSON.Document],
  ])('with %s is left to the library', (_what, document) => {
    const read = createDocumentReader();
    expect(read(bytesOf(document))).toStrictEqual(byLibrary(bytesOf(document)));
    expect(read(bytesOf({ after: 'that' }))).toEqual({ after: 'that' });
  });

  it('whose text is no UTF-8 is read as by the library', () => {
    const broken = bytesOf({ a: 'xyz', b: 'x'.repeat(40) });
    broken[broken.indexOf('xyz')] = 0xff;
    broken[broken.lastIndexOf('xx')] = 0xff;
    expect(createDocumentReader()(broken)).toStrictEqual(byLibrary(broken));
  });
});
