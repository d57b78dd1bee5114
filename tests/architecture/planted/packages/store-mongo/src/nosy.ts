import { mailbox } from '../../mailbox-redis/src/index.ts';

export const nosy = mailbox;
