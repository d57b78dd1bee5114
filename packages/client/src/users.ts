import type { Erased } from '@rollcall/contracts/http';
import type { Decided, Refused } from './results.ts';
import type { Transport } from './transport.ts';

export interface EraseOptions {
  readonly signal?: AbortSignal;
}

export interface UserOperations {
  /**
   * For tokens with the grant `erase`: takes the user out of all events. It can not be undone. Takes up to half a minute;
   * while the value is not `complete`, ask again.
   */
  eraseUser(userId: string, options?: EraseOptions): Promise<Decided<Erased> | Refused>;
}

export function userOperations({ act }: Transport): UserOperations {
  return {
    eraseUser: (userId, options) =>
      act({ method: 'POST', path: `/v1/users/${encodeURIComponent(userId)}/erase`, options }),
  };
}
