import { browse } from './browse.ts';
import { live } from './live.ts';
import { manyEvents } from './many-events.ts';
import { mixedAdmin } from './mixed-admin.ts';
import { rush } from './rush.ts';
import type { Scenario } from './scenario.ts';
import { steady } from './steady.ts';
import { waitlist } from './waitlist.ts';

export { spacings, type Spacing } from '../arrivals.ts';
export { commonSettings, type LoadSettings } from '../settings.ts';
export type { Act, NewRole, Scenario } from './scenario.ts';

/** All there are. Without a driver among what they import, so that a command can tell of them at once. */
export const scenarios: readonly Scenario[] = [rush, steady, manyEvents, browse, live, waitlist, mixedAdmin];
