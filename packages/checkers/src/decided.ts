import type { CommandId } from '@rollcall/domain';
import { Column } from './column.ts';
import { Texts } from './texts.ts';

/** Which commands were decided, and as which version. */
export class Decided {
  readonly #commands = new Texts();
  readonly #versions = new Column('wide');

  has(commandId: CommandId): boolean {
    return this.#commands.find(commandId) !== undefined;
  }

  versionOf(commandId: CommandId): number | undefined {
    const command = this.#commands.find(commandId);
    return command === undefined ? undefined : this.#versions.get(command);
  }

  /** The first decision stays the one that counts. */
  add(commandId: CommandId, version: number): void {
    const known = this.#commands.count;
    const command = this.#commands.add(commandId);
    if (command === known) this.#versions.set(command, version);
  }
}
