import type { Planted } from './testing.ts';
import { plantedOfErasures } from './testing-planted-erasures.ts';
import { plantedOfEvents } from './testing-planted-events.ts';
import { plantedOfImports } from './testing-planted-imports.ts';
import { plantedOfLines } from './testing-planted-lines.ts';
import { plantedOfSeats } from './testing-planted-seats.ts';
import { plantedOfStores } from './testing-planted-stores.ts';

export const planted: readonly Planted[] = [
  ...plantedOfSeats,
  ...plantedOfLines,
  ...plantedOfEvents,
  ...plantedOfStores,
  ...plantedOfErasures,
  ...plantedOfImports,
];
