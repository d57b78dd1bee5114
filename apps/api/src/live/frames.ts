import { hash } from 'node:crypto';
import type { Head } from '@rollcall/engine';

/** What a state is known by. With the commit's id: a database that was restored may come to the same version another way. */
export const idOf = ({ version, commitId }: Head): string => `${version}-${commitId}`;

/** Of what is read after the head, and so may be newer than it says: by its text too. */
export const idOfText = (head: Head, text: string): string =>
  `${idOf(head)}-${hash('sha256', text, 'base64url').slice(0, 12)}`;

const idPattern = /^(\d{1,15})-[\w-]{1,64}$/;

/** The version that a `Last-Event-ID` claims, which anybody may have made up; undefined for what is no id of ours. */
export function versionIn(lastEventId: string | undefined): number | undefined {
  const version = lastEventId === undefined ? undefined : idPattern.exec(lastEventId)?.[1];
  return version === undefined ? undefined : Number(version);
}

/** An event of the stream, encoded once for all who get it. `data`: one line, as JSON is. */
export const frameOf = (name: string, id: string, data: string): Buffer =>
  Buffer.from(`id: ${id}\nevent: ${name}\ndata: ${data}\n\n`);

/** Keeps a connection from looking dead. */
export const heartbeat: Buffer = Buffer.from(':\n\n');

/** For a client that has the current state: so that it knows that it is connected. */
export const upToDate: Buffer = Buffer.from(': up to date\n\n');

/** When to come back after the stream has ended, in ms. */
export const retryFrame = (ms: number): Buffer => Buffer.from(`retry: ${Math.round(ms)}\n\n`);
