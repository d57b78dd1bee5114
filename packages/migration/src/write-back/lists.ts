import type { RoleId } from '@rollcall/domain';
import { roleIdOf } from '../ids.ts';
import { legacyIdOf, type LegacyDocument } from '../legacy.ts';
import type { Mapping } from '../mapping/schema.ts';
import { fieldOf, isDocument } from '../settle/values.ts';
import { withFields } from './documents.ts';
import { listOf } from './ids.ts';

/** Changes to the lists of signups of an event, noted one by one and made all at once. */
export class SignupLists {
  readonly #mapping: Mapping;
  readonly #removed = new Set<LegacyDocument>();
  readonly #replaced = new Map<LegacyDocument, LegacyDocument>();
  readonly #added = new Map<RoleId, LegacyDocument[]>();

  constructor(mapping: Mapping) {
    this.#mapping = mapping;
  }

  remove(entry: LegacyDocument): void {
    this.#removed.add(entry);
  }

  replace(entry: LegacyDocument, by: LegacyDocument): void {
    if (entry !== by) this.#replaced.set(entry, by);
  }

  add(roleId: RoleId, entry: LegacyDocument): void {
    const added = this.#added.get(roleId);
    if (added === undefined) this.#added.set(roleId, [entry]);
    else added.push(entry);
  }

  /** The same document where nothing changes. Entries that stay are those that were there; nobody comes twice into a list. */
  appliedTo(event: LegacyDocument): LegacyDocument {
    if (this.#removed.size + this.#replaced.size + this.#added.size === 0) return event;
    const { event: names, role } = this.#mapping;
    const roles = listOf(fieldOf(event, names.roles)).map((raw) =>
      isDocument(raw) ? withFields(raw, [[role.signups, this.#listOf(raw)]]) : raw,
    );
    return withFields(event, [[names.roles, roles]]);
  }

  #listOf(role: LegacyDocument): unknown {
    const before = fieldOf(role, this.#mapping.role.signups);
    const roleId = roleIdOf(legacyIdOf(fieldOf(role, this.#mapping.role.id)) ?? '');
    const stay = listOf(before)
      .filter((entry) => !isDocument(entry) || !this.#removed.has(entry))
      .map((entry) => (isDocument(entry) ? (this.#replaced.get(entry) ?? entry) : entry));
    const added = this.#added.get(roleId) ?? [];
    if (added.length === 0) return before === undefined ? undefined : Array.isArray(before) ? stay : before;
    const there = new Set(stay.map((entry) => this.#userOf(entry)));
    return [...stay, ...added.filter((entry) => !there.has(this.#userOf(entry)))];
  }

  #userOf(entry: unknown): string | undefined {
    return isDocument(entry) ? legacyIdOf(fieldOf(entry, this.#mapping.signup.userId)) : undefined;
  }
}
