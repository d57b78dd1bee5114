export { decodeMailboxPayload, encodeMailboxPayload, type MailboxPayload } from './mailbox-payload.ts';
export { decodePublication, encodePublication } from './publication.ts';
