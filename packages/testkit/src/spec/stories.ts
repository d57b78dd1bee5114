import type { Command, Instant } from '@rollcall/domain';
import { openEvent, signupTime } from './commands.ts';
import { createDice, type Dice } from './dice.ts';
import { commandIdNamed } from './ids.ts';
import { createNaiveModel, type NaiveModel } from './naive-model.ts';
import { decidedAfterMs } from './rules.ts';
import * as organizers from './story-organizers.ts';
import * as people from './story-people.ts';
import { envelopeOf, offeredOne, storyMs, type Scene } from './story-scene.ts';
import { creating, creatingCrowd } from './story-start.ts';

/** How many roles and pools an event may have. The rules name the limits, and leave to others what they are. */
export const storyMaxima = { rolesMax: 100, poolsMax: 50 };

const weights: readonly (readonly [number, people.Telling])[] = [
  [22, people.signingUp],
  [8, people.assigning],
  [8, people.cancelling],
  [3, people.removing],
  [16, people.moving],
  [6, people.accepting],
  [3, people.declining],
  [5, people.expiring],
  [3, people.updating],
  [3, people.checkingIn],
  [2, people.undoingCheckIn],
  [1, people.erasing],
  [11, organizers.changingRole],
  [11, organizers.changingSettings],
  [3, organizers.changingStatus],
  [2, organizers.addingRole],
  [2, organizers.deletingRole],
  [0.3, creating],
  [0.1, organizers.changingToManyPools(storyMaxima.poolsMax)],
];

const cumulated = weights.map(([, telling], index) => {
  const until = weights.slice(0, index + 1).reduce((sum, [weight]) => sum + weight, 0);
  return { until, telling };
});
const total = weights.reduce((sum, [weight]) => sum + weight, 0);

function something(dice: Dice): people.Telling {
  const thrown = (dice.below(1_000_000) / 1_000_000) * total;
  return cumulated.find(({ until }) => thrown < until)?.telling ?? people.signingUp;
}

const aboutOffers: ReadonlySet<people.Telling> = new Set([people.accepting, people.declining, people.expiring]);

/** Rather not about offers while there are none, and rather not for long with an event that nobody can sign up for. */
function somethingHappens(dice: Dice, { event, rows }: Pick<NaiveModel, 'event' | 'rows'>): people.Telling {
  const isShut = event?.status === 'draft' || event?.status === 'closed';
  if (isShut && dice.percent(20)) return organizers.changingStatus;
  const telling = something(dice);
  const isIdle = aboutOffers.has(telling) && !rows.some(offeredOne);
  return isIdle && dice.percent(80) ? something(dice) : telling;
}

/**
 * A random story: 60 to 120 commands about one event with few users, roles and seats. It listens to the naive model while it
 * is told, so that most commands are about what is there. The same seed tells the same story.
 *
 * @param afterMs how long after its acceptance a command is decided: offers run from then
 */
export function tellStory(seed: number, afterMs: number = decidedAfterMs): readonly Command[] {
  const dice = createDice(seed);
  const model = createNaiveModel(storyMaxima);
  const commands: Command[] = [];
  const isCrowd = dice.percent(0.2);
  const length = isCrowd ? 20 : 60 + dice.below(61);
  let at: Instant = signupTime;

  const tell = (telling: people.Telling) => {
    const commandId = commandIdNamed(`s${commands.length + 1}`);
    const command = telling({ dice, event: model.event, rows: model.rows, from: signupTime, at, commandId });
    commands.push(command);
    at = command.acceptedAt;
    model.apply(command, { version: commands.length, decidedAt: at + afterMs });
  };

  if (dice.percent(3)) tell(something(dice));
  while (model.event === undefined) tell(isCrowd ? creatingCrowd(storyMaxima.rolesMax) : creating);
  if (dice.percent(92)) tell((scene) => openEvent(envelopeOf(scene)));
  let afterwards = 0;
  // Little can happen to a cancelled event.
  while (commands.length < length && afterwards < 8) {
    if (model.event?.status === 'cancelled') afterwards += 1;
    at = later(dice, at, model, commands.length / length);
    tell(isCrowd && dice.percent(40) ? organizers.addingRole : somethingHappens(dice, model));
  }
  return commands;
}

/** What somebody asks for next who sees all of this; mostly something that makes sense. */
export function nextOfStory(scene: Scene): Command {
  const telling = scene.event === undefined ? creating : somethingHappens(scene.dice, scene);
  return telling(scene);
}

/** Time goes by, so that the event ends with the story; now and then right up to an instant at which something changes. */
function later(dice: Dice, at: Instant, { event, rows }: NaiveModel, told: number): Instant {
  if (dice.percent(4)) {
    const instants = rows.map(({ offerExpiresAt }) => offerExpiresAt);
    if (event !== undefined) {
      const { signupOpensAt, signupClosesAt, cancelClosesAt, endsAt } = event.settings;
      instants.push(signupOpensAt, told > 0.5 ? signupClosesAt : undefined);
      instants.push(told > 0.5 ? cancelClosesAt : undefined, told > 0.85 ? endsAt : undefined);
    }
    const ahead = instants.filter((instant) => instant !== undefined && instant > at);
    if (ahead.length > 0) return Math.max(at, (dice.pick(ahead) ?? at) - dice.below(2));
  }
  // Two thirds of the commands come at some distance, the others at the same moment as the one before.
  return dice.percent(66) ? at + dice.below(storyMs / 45) : at;
}
