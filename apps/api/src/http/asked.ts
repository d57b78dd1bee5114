import type { CommandBody } from '@rollcall/domain';
import { forbidden, type Refusal } from './problems.ts';

/** The command that a request stands for, or why whoever sent it may not ask for that. */
export type Asked =
  | { readonly kind: 'command'; readonly body: CommandBody }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

export const refused = (detail: string): Asked => ({ kind: 'refused', refusal: forbidden(detail) });
