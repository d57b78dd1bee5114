import type { RegistrationId } from '@rollcall/domain';
import type { CommitBatch, RegistrationOrigin, RegistrationWrite, TextChanges } from '@rollcall/engine';
import type { RegistrationDocument } from './registration-document.ts';

/** What a registration says of its user, besides who it is. It decides nothing. */
export type Texts = Pick<RegistrationDocument, 'notes' | 'specialRequirements' | 'profile'>;

export interface NewRegistration extends RegistrationWrite {
  readonly origin: RegistrationOrigin;
}

export function newRegistrationsOf({ writes }: CommitBatch): ReadonlyMap<RegistrationId, NewRegistration> {
  const made = new Map<RegistrationId, NewRegistration>();
  for (const write of writes) {
    const { registration, before, origin } = write;
    if (before !== undefined) continue;
    const { registrationId } = registration;
    if (origin === undefined) throw new Error(`${registrationId} is new and nobody says where it comes from`);
    made.set(registrationId, { ...write, origin });
  }
  return made;
}

/** The registrations whose texts new ones take over and that the batch itself does not make. */
export function storedSourcesOf(made: ReadonlyMap<RegistrationId, NewRegistration>): readonly RegistrationId[] {
  const sources = new Set<RegistrationId>();
  for (const { origin } of made.values()) {
    if (origin.textsOf !== undefined && !made.has(origin.textsOf)) sources.add(origin.textsOf);
  }
  return [...sources];
}

/** What is known of the registrations that others may take their texts from. */
interface Sources {
  readonly made: ReadonlyMap<RegistrationId, NewRegistration>;
  readonly stored: ReadonlyMap<RegistrationId, Texts>;
}

export function textsOfNew({ origin, texts }: NewRegistration, sources: Sources): Texts {
  const { notes, specialRequirements, profile } = origin;
  const own: Texts = {
    ...takenOver(origin.textsOf, sources),
    ...(notes === undefined ? {} : { notes }),
    ...(specialRequirements === undefined ? {} : { specialRequirements }),
    ...(profile === undefined ? {} : { profile }),
  };
  if (texts === undefined) return own;
  const { given, removed } = changesOf(texts);
  const kept = { ...own, ...given };
  for (const field of removed) delete kept[field];
  return kept;
}

function takenOver(from: RegistrationId | undefined, sources: Sources): Texts | undefined {
  if (from === undefined) return undefined;
  const made = sources.made.get(from);
  return made === undefined ? sources.stored.get(from) : textsOfNew(made, sources);
}

type ChangedTexts = { -readonly [Field in keyof TextChanges]?: string };

export function changesOf(texts: TextChanges): {
  readonly given: ChangedTexts;
  readonly removed: readonly (keyof TextChanges)[];
} {
  const given: ChangedTexts = {};
  const removed: (keyof TextChanges)[] = [];
  for (const field of ['notes', 'specialRequirements'] as const) {
    const text = texts[field];
    if (text === null) removed.push(field);
    else if (text !== undefined) given[field] = text;
  }
  return { given, removed };
}
