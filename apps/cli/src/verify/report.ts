import { once } from 'node:events';
import type { ProgressBar } from '../progress.ts';
import { several } from '../texts.ts';
import type { Verified } from './verify-event.ts';
import type { Difference, Watcher } from './watcher.ts';

/** Where lines go: standard output, or what a test reads. */
interface Output {
  write(text: string): boolean;
  once(what: 'drain', listener: () => void): unknown;
}

export interface Report extends Watcher {
  event(verified: Verified): void;
  /** Prints the sum of it all. @returns how many differences were found */
  end(): number;
}

export interface ReportOptions {
  readonly output: Output;
  readonly bar: ProgressBar;
  readonly isJson: boolean;
  readonly now: () => number;
}

/** A line for each difference as soon as it is found, or a JSON document for each: there may be a million of them. */
export function createReport({ output, bar, isJson, now }: ReportOptions): Report {
  const startedAt = now();
  const sum = { events: 0, decisions: 0, registrations: 0, differences: 0 };
  let drained: Promise<unknown> | undefined;
  const print = (text: string): void => {
    bar.clear();
    if (output.write(`${text}\n`)) return;
    drained ??= once(output as never, 'drain');
  };
  return {
    difference(difference) {
      print(isJson ? JSON.stringify(jsonOf(difference)) : lineOf(difference));
    },
    async progress({ eventId, ...progress }) {
      bar.show({ label: eventId, ...progress });
      await drained;
      drained = undefined;
    },
    event({ decisions, registrations, differences }) {
      sum.events += 1;
      sum.decisions += decisions;
      sum.registrations += registrations;
      sum.differences += differences;
    },
    end() {
      const { events, decisions, registrations, differences } = sum;
      const seconds = (now() - startedAt) / 1_000;
      const what = [several(events, 'event'), several(decisions, 'decision'), several(registrations, 'registration')];
      print(
        isJson
          ? JSON.stringify({ type: 'summary', ...sum, seconds })
          : `${what.join(', ')}: ${several(differences, 'difference')}, in ${seconds.toFixed(1)} s`,
      );
      return differences;
    },
  };
}

const lineOf = ({ eventId, versions: [from, to], check, message }: Difference) =>
  `${eventId} versions ${from} to ${to}: ${check}: ${message}`;

const jsonOf = ({ eventId, versions: [from, to], check, message }: Difference) => ({
  type: 'difference',
  eventId,
  fromVersion: from,
  toVersion: to,
  check,
  message,
});
