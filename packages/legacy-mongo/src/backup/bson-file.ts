import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { LegacyProblem, type BackupFile } from '@rollcall/migration';

/** Written, and read, so many bytes at once. */
const bufferBytes = 4 * 1_024 * 1_024;
/** The smallest document says its length and ends. */
const documentBytesMin = 5;
/** MongoDB's own limit is 16 MB and a little; a length above this is no length. */
const documentBytesMax = 16 * 1_024 * 1_024 + 64 * 1_024;

/** Writes a file to the disk, and knows its checksum. */
export async function writeFileFrom(
  path: string,
  parts: AsyncIterable<Buffer>,
  progress: (bytes: number) => void = () => undefined,
): Promise<Omit<BackupFile, 'path'>> {
  const hash = createHash('sha256');
  const file = await open(path, 'w');
  let bytes = 0;
  try {
    let waiting: Buffer[] = [];
    let waitingBytes = 0;
    const write = async () => {
      // A copy, and not the buffers of the driver's answers, which are larger.
      const together = Buffer.concat(waiting, waitingBytes);
      hash.update(together);
      await file.writeFile(together);
      bytes += waitingBytes;
      waiting = [];
      waitingBytes = 0;
      progress(bytes);
    };
    for await (const part of parts) {
      waiting.push(part);
      waitingBytes += part.length;
      if (waitingBytes >= bufferBytes) await write();
    }
    if (waitingBytes > 0) await write();
    await file.sync();
  } catch (error) {
    throw explained(error, path);
  } finally {
    await file.close();
  }
  return { bytes, sha256: hash.digest('hex') };
}

function explained(error: unknown, path: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== 'ENOSPC' && code !== 'EDQUOT' && code !== 'EFBIG') return error;
  return new LegacyProblem(`${path} could not be written: the disk is full (${code}). There is no backup`, {
    cause: error,
  });
}

/**
 * The documents of a file, one after the other as bytes. The checksum is judged at the end.
 *
 * @throws LegacyProblem for a file that is not as it was written
 */
export async function* readDocuments(path: string, expected: BackupFile): AsyncGenerator<Buffer, void, undefined> {
  const hash = createHash('sha256');
  let rest: Buffer = Buffer.alloc(0);
  let read = 0;
  for await (const chunk of chunksOfFile(path)) {
    hash.update(chunk);
    read += chunk.length;
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let start = 0;
    while (rest.length - start >= 4) {
      const length = rest.readInt32LE(start);
      if (length < documentBytesMin || length > documentBytesMax) {
        throw new LegacyProblem(`${path} is damaged: no document begins at byte ${read - rest.length + start}`);
      }
      if (rest.length - start < length) break;
      yield rest.subarray(start, start + length);
      start += length;
    }
    rest = rest.subarray(start);
  }
  if (read !== expected.bytes) {
    throw new LegacyProblem(`${path} is damaged: it has ${read} bytes, and had ${expected.bytes} when it was written`);
  }
  if (rest.length > 0) throw new LegacyProblem(`${path} is damaged: it ends inside of a document`);
  if (hash.digest('hex') !== expected.sha256) {
    throw new LegacyProblem(`${path} is damaged: its checksum is not that of what was written`);
  }
}

/** Of a file that is small. @throws LegacyProblem */
export async function readWhole(path: string, expected: BackupFile): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of chunksOfFile(path)) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  if (createHash('sha256').update(bytes).digest('hex') !== expected.sha256) {
    throw new LegacyProblem(`${path} is damaged: its checksum is not that of what was written`);
  }
  return bytes;
}

async function* chunksOfFile(path: string): AsyncGenerator<Buffer, void, undefined> {
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT' ? new LegacyProblem(`${path} is missing`, { cause: error }) : error;
  });
  try {
    for (;;) {
      const { bytesRead, buffer } = await file.read({ buffer: Buffer.allocUnsafe(bufferBytes) });
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}
