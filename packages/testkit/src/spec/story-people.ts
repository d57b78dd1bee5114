import type { Command, RemovalCode } from '@rollcall/domain';
import { cancelById, signUp } from './commands.ts';
import { isActive } from './naive-rows.ts';
import { accept, checkIn, decline, erase, expire, move, remove, undoCheckIn, update } from './registration-commands.ts';
import { envelopeOf, offeredOne, someAsker, someRole, someRow, userIds, type Scene } from './story-scene.ts';

export type Telling = (scene: Scene) => Command;

const texts = [undefined, undefined, undefined, 'vegetarian', 'brings a friend'] as const;
const reasonCodes: readonly RemovalCode[] = ['requested', 'no-show', 'conduct'];

/** Rather somebody who has little yet, so that stories do not consist of people who are registered already. */
function someNewcomer({ dice, rows }: Scene): string {
  const [one, other] = [dice.pick(userIds), dice.pick(userIds)];
  const held = (userId: string) => rows.filter((row) => row.userId === userId && isActive(row)).length;
  return held(one) <= held(other) ? one : other;
}

export const signingUp: Telling = (scene) => {
  const { dice } = scene;
  const user = someNewcomer(scene);
  const notes = dice.pick(texts);
  const parts = { ...envelopeOf(scene), role: someRole(scene), ...(notes !== undefined && { notes }) };
  // An override is the staff's: by others it is nothing.
  return signUp(user, dice.percent(3) ? { ...parts, override: true } : parts);
};

export const assigning: Telling = (scene) => {
  const specialRequirements = scene.dice.pick(texts);
  const override = scene.dice.pick([undefined, undefined, false, true]);
  return signUp(someNewcomer(scene), {
    ...envelopeOf(scene),
    by: 'staff',
    role: someRole(scene),
    ...(override !== undefined && { override }),
    ...(specialRequirements !== undefined && { specialRequirements }),
  });
};

export const cancelling: Telling = (scene) => {
  const { registrationId, userId } = someRow(scene, isActive);
  return cancelById(registrationId, { ...envelopeOf(scene), by: someAsker(scene, userId) });
};

export const removing: Telling = (scene) =>
  remove(someRow(scene, isActive).registrationId, { ...envelopeOf(scene), reasonCode: scene.dice.pick(reasonCodes) });

export const moving: Telling = (scene) => {
  const { registrationId, userId, roleId } = someRow(scene, isActive);
  const [one, other] = [someRole(scene), someRole(scene)];
  const ifFull = scene.dice.percent(75) ? 'waitlist' : 'refuse';
  const parts = { ...envelopeOf(scene), by: someAsker(scene, userId), ifFull } as const;
  return move(registrationId, one === roleId ? other : one, parts);
};

export const accepting: Telling = (scene) => {
  const { registrationId, userId } = someRow(scene, offeredOne);
  return accept(registrationId, { ...envelopeOf(scene), by: someAsker(scene, userId) });
};

export const declining: Telling = (scene) => {
  const { registrationId, userId } = someRow(scene, offeredOne);
  return decline(registrationId, { ...envelopeOf(scene), by: someAsker(scene, userId) });
};

/** Mostly when it has run out, and of the offer that is open. */
export const expiring: Telling = (scene) => {
  const { dice, at } = scene;
  const { registrationId, offerExpiresAt = at } = someRow(scene, offeredOne);
  const expiresAt = dice.percent(92) ? offerExpiresAt : offerExpiresAt - 1;
  // On the very millisecond, or after it; a timer that fires too soon is rare.
  const later = Math.max(at, offerExpiresAt + dice.pick([0, 0, 1, 40]));
  return expire(registrationId, expiresAt, { ...envelopeOf(scene), at: dice.percent(75) ? later : at });
};

export const updating: Telling = (scene) => {
  const { dice } = scene;
  const { registrationId, userId } = someRow(scene, isActive);
  const parts = { ...envelopeOf(scene), by: someAsker(scene, userId) };
  const [notes, specialRequirements] = [dice.pick([null, ...texts]), dice.pick([null, ...texts])];
  return update(registrationId, {
    ...parts,
    ...(notes !== undefined && { notes }),
    ...(specialRequirements !== undefined && { specialRequirements }),
  });
};

/** Somebody who may have signed up, or acted on others; now and then one who was erased before. */
export const erasing: Telling = (scene) => {
  const { dice } = scene;
  const user = dice.percent(80) ? someRow(scene, () => true).userId : dice.pick(userIds);
  return erase(user, envelopeOf(scene));
};

export const checkingIn: Telling = (scene) =>
  checkIn(someRow(scene, ({ status }) => status === 'confirmed').registrationId, envelopeOf(scene));

export const undoingCheckIn: Telling = (scene) =>
  undoCheckIn(someRow(scene, ({ attendedAt }) => attendedAt !== undefined).registrationId, envelopeOf(scene));
