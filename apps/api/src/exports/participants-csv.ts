import type { RoleId } from '@rollcall/domain';
import type { RegistrationView } from '@rollcall/engine';
import { csvRow } from './csv.ts';
import { inPieces } from './pieces.ts';
import { maybeTimestamp, timestamp } from '../timestamp.ts';

const byteOrderMark = '\uFEFF';

type Cells = (view: RegistrationView, place: number | undefined, roleName: string | undefined) => string | undefined;

const columns: Readonly<Record<string, Cells>> = {
  registrationId: ({ registrationId }) => registrationId,
  userId: ({ userId }) => userId,
  displayName: ({ profile }) => profile?.displayName,
  email: ({ profile }) => profile?.email,
  roleId: ({ roleId }) => roleId,
  roleName: (_view, _place, roleName) => roleName,
  status: ({ status }) => status,
  waitlistPosition: (_view, place) => place?.toString(),
  offerExpiresAt: ({ offer }) => maybeTimestamp(offer?.expiresAt),
  replaces: ({ replaces }) => replaces,
  registrationDate: ({ registrationDate }) => timestamp(registrationDate),
  registeredBy: ({ registeredBy }) => registeredBy,
  attendedAt: ({ attendedAt }) => maybeTimestamp(attendedAt),
  cancelledAt: ({ cancelledAt }) => maybeTimestamp(cancelledAt),
  cancelCause: ({ cancelCause }) => cancelCause,
  cancelReasonCode: ({ cancelReasonCode }) => cancelReasonCode,
  cancelReason: ({ cancelReason }) => cancelReason,
  notes: ({ notes }) => notes,
  specialRequirements: ({ specialRequirements }) => specialRequirements,
};

const header = csvRow(Object.keys(columns));
const cells = Object.values(columns);

export interface ParticipantsCsvOptions {
  readonly roleNames: ReadonlyMap<RoleId, string>;
  /** Whether to begin with a byte order mark. */
  readonly bom: boolean;
}

/**
 * The participants as CSV, piece by piece as they come. They come by role, status and sequence, so that a place in line
 * is known by counting.
 */
export const participantsCsv = (
  views: AsyncIterable<RegistrationView>,
  options: ParticipantsCsvOptions,
): AsyncIterable<string> => inPieces(rowsOf(views, options));

async function* rowsOf(
  views: AsyncIterable<RegistrationView>,
  { roleNames, bom }: ParticipantsCsvOptions,
): AsyncGenerator<string, void, undefined> {
  yield (bom ? byteOrderMark : '') + header;
  let line: { readonly roleId: RoleId; length: number } | undefined;
  for await (const view of views) {
    let place: number | undefined;
    if (view.status === 'waitlist' && view.offer === undefined) {
      if (line?.roleId !== view.roleId) line = { roleId: view.roleId, length: 0 };
      place = line.length += 1;
    }
    const roleName = roleNames.get(view.roleId);
    yield csvRow(cells.map((cell) => cell(view, place, roleName)));
  }
}
