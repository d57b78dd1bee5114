export {
  decodeMailboxPayload,
  encodeMailboxPayload,
  NewerPayloadError,
  type MailboxPayload,
} from './mailbox-payload.ts';
export { decodePublication, encodePublication } from './publication.ts';
