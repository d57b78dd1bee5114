import { registrationIdFor, type Command, type ImportRegistration } from '@rollcall/domain';
import { aPool, aRole, cancelById, changeRole, openEvent, signUp, someSettings } from './commands.ts';
import { createDice, type Dice } from './dice.ts';
import {
  finishImport,
  importAgain,
  importEvent,
  importRegistration,
  resumeImport,
  type ImportParts,
} from './import-commands.ts';
import { accept, checkIn, erase, move } from './registration-commands.ts';

const people = ['ann', 'bob', 'cem', 'dan', 'eve', 'fay'] as const;
const roleNames = ['volunteers', 'cooks', 'drivers'] as const;
const statuses = ['confirmed', 'confirmed', 'confirmed', 'waitlist', 'waitlist', 'cancelled'] as const;
const commandsPerStory = 80;

/** A story of an event that is imported, led by Rollcall, and given back, with commands of others all the time. */
export function tellImportStory(seed: number): readonly Command[] {
  const dice = createDice(seed);
  const made: ImportRegistration[] = [];
  const story: Command[] = [];
  for (let n = 0; n < commandsPerStory; n += 1) {
    const command = n === 0 ? definition(dice) : nextCommand(dice, made);
    if (command.type === 'ImportRegistration' && command.registrationId === undefined) made.push(command);
    story.push(command);
  }
  return story;
}

function nextCommand(dice: Dice, made: readonly ImportRegistration[]): Command {
  const throwOf = dice.below(100);
  if (throwOf < 36) return importRegistration(dice.pick(people), statement(dice));
  if (throwOf < 66 && made.length > 0) return saidAgain(dice, dice.pick(made));
  if (throwOf < 71) return definition(dice);
  if (throwOf < 75) return finishImport(dice.pick(['open', 'open', 'closed', 'cancelled'] as const));
  if (throwOf < 80) return resumeImport();
  return foreign(dice, made);
}

function definition(dice: Dice): Command {
  const roles = roleNames
    .filter((_, index) => index === 0 || dice.percent(85))
    .map((name) =>
      aRole(name, { capacity: dice.pick([0, 1, 2, null]), waitlist: dice.pick(['auto', 'offer', 'off']) }),
    );
  const { capacity, ...settings } = someSettings({ usersMayMove: true, registrationsPerUserMax: 2, capacity: 3 });
  return importEvent({
    roles,
    settings: dice.percent(30) ? { ...settings, ...(capacity === undefined ? {} : { capacity }) } : settings,
    pools: dice.percent(20) ? [aPool('night', 2, ...roles.map(({ name }) => name))] : [],
  });
}

function statement(dice: Dice): ImportParts {
  const status = dice.pick(statuses);
  return {
    role: dice.pick(roleNames),
    status,
    ...(status === 'confirmed' && dice.percent(20) ? { attendedAt: dice.below(1_000) } : {}),
    ...(dice.percent(20) ? { legacyId: `document-${dice.below(100)}` } : {}),
    ...(dice.percent(20) ? { history: [{ action: 'created' }] } : {}),
  };
}

function saidAgain(dice: Dice, one: ImportRegistration): Command {
  // Now and then for somebody else, which is refused.
  const whose = dice.percent(95) ? one.userId : dice.pick(people);
  return importAgain(
    importRegistration(whose, { registrationId: registrationIdFor(one.commandId), role: one.roleId }),
    {
      ...(dice.percent(50) ? { role: one.roleId, status: dice.pick(statuses) } : statement(dice)),
      requeue: dice.percent(30),
    },
  );
}

/** While the system before leads the event, each of these is refused. */
function foreign(dice: Dice, made: readonly ImportRegistration[]): Command {
  const user = dice.pick(people);
  const kind = dice.below(8);
  const one = made.length === 0 ? undefined : dice.pick(made);
  if (one !== undefined) {
    const registrationId = registrationIdFor(one.commandId);
    if (kind === 0) return cancelById(registrationId, { by: one.userId });
    if (kind === 1) return move(registrationId, dice.pick(roleNames), { by: one.userId, ifFull: 'waitlist' });
    if (kind === 2) return checkIn(registrationId);
    if (kind === 3) return accept(registrationId, { by: one.userId });
  }
  if (kind === 4) return openEvent();
  if (kind === 5) return erase(user);
  if (kind === 6) return changeRole(dice.pick(roleNames), { capacity: dice.below(4) }, { ifOver: 'demote' });
  return signUp(user, { role: dice.pick(roleNames) });
}
