import type { Instant } from '@rollcall/domain';
import type { Mistake } from './faults.ts';

/** Gathers what is wrong with a body that its schema can't see, place by place. */
export class Mistakes {
  readonly #found: Mistake[] = [];

  get found(): readonly Mistake[] {
    return this.#found;
  }

  add(pointer: string, detail: string): void {
    this.#found.push({ in: 'body', pointer, detail });
  }

  /** The named times of a body; what is left out stays out, and null stays null. A day that no month has is a mistake. */
  times<Body, Name extends keyof Body & string>(body: Body, names: readonly Name[]): ReadTimes<Pick<Body, Name>> {
    const times: Partial<Record<Name, Instant | null>> = {};
    for (const name of names) {
      const text = body[name];
      if (text === undefined) continue;
      const time = typeof text === 'string' ? Date.parse(text) : null;
      if (Number.isNaN(time)) this.add(`/${name}`, 'is not a time that exists');
      times[name] = time;
    }
    // Field by field the same with texts read as times.
    return times as ReadTimes<Pick<Body, Name>>;
  }

  timeZone(name: string | undefined): void {
    if (name !== undefined && !isTimeZone(name)) this.add('/timeZone', 'is not an IANA time zone');
  }
}

type ReadTimes<Fields> = { readonly [Name in keyof Fields]: Fields[Name] extends infer Text ? ReadTime<Text> : never };
type ReadTime<Text> = Text extends string ? Instant : Text;

function isTimeZone(name: string): boolean {
  // Offsets like +02:00 are understood too, but they are no names.
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
