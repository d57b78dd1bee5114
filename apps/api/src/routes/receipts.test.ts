import type { AppendResult, NewCommand } from '@rollcall/engine';
import type { LightMyRequestResponse } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import type { Api } from '../http/api.ts';
import { createApi } from '../server.ts';
import {
  anEvent,
  fakeServers,
  registeredAs,
  roleId,
  someSettings,
  StoreAwayError,
  type FakeServers,
} from '../testing/fakes.ts';
import { tokenOf } from '../testing/tokens.ts';

const { eventId } = anEvent('open');
const authorization = `Bearer ${await tokenOf('alice')}`;
const settings = someSettings({ LEDGER_REPLY_MS_MAX: '50', MAILBOX_REPLY_MS_MAX: '100' });

let api: Api | undefined;
afterEach(async () => {
  await api?.close();
  api = undefined;
});

async function signUp(headers: Readonly<Record<string, string>> = {}): Promise<LightMyRequestResponse> {
  if (api === undefined) throw new Error('start first');
  return api.inject({
    method: 'POST',
    url: `/v1/events/${eventId}/registrations`,
    payload: { roleId },
    headers: { authorization, 'idempotency-key': 'k', ...headers },
  });
}

/** A mailbox with receipts, and a first signup that has one. */
async function startWithReceipt(): Promise<FakeServers & { readonly first: NewCommand }> {
  const servers = fakeServers();
  const receipts = new Set<string>();
  servers.append = async ({ commandId, bodyHash }): Promise<AppendResult> => {
    const known = receipts.has(commandId) && !servers.forgotten.includes(commandId);
    receipts.add(commandId);
    return known ? { kind: 'repeat', bodyHash, wakeUpDue: false } : { kind: 'new', ahead: 3, wakeUpDue: true };
  };
  api = await createApi(servers.deps, settings);
  await signUp();
  const [first] = servers.appended;
  if (first === undefined) throw new Error('nothing appended');
  return Object.assign(servers, { first });
}

describe('a repeat whose receipt is there', () => {
  it('is told where the command stands', async () => {
    const { first, forgotten } = await startWithReceipt();
    const response = await signUp();
    expect([response.statusCode, response.json()]).toEqual([
      202,
      { commandId: first.commandId, eventId, status: 'pending', ahead: 1 },
    ]);
    expect(forgotten).toEqual([]);
  });

  it('is taken again when neither the mailbox nor the journal knows the command', async () => {
    const { first, lose, appended, forgotten } = await startWithReceipt();
    lose(first.commandId);
    const response = await signUp();
    expect([response.statusCode, response.json<{ ahead: number }>().ahead]).toEqual([202, 3]);
    expect(forgotten).toEqual([first.commandId]);
    expect(appended).toEqual([first, first, first]);
  });

  it('gets the decision of a command taken again', async () => {
    const servers = await startWithReceipt();
    servers.lose(servers.first.commandId);
    const { append } = servers;
    servers.append = async (command) => {
      const result = await append(command);
      // Not before it is taken again, however slow the machine is: else the journal would know it.
      if (result.kind === 'new') setTimeout(() => servers.decide(servers.first, registeredAs('alice')), 50);
      return result;
    };
    expect((await signUp({ prefer: 'wait=5' })).statusCode).toBe(201);
    expect(servers.appended).toHaveLength(3);
  });

  it('finds the decision that was made between the two looks at the journal', async () => {
    const servers = await startWithReceipt();
    const { findPending } = servers.deps.mailbox;
    Object.assign(servers.deps.mailbox, {
      findPending: (...place: Parameters<typeof findPending>) => {
        servers.decide(servers.first, registeredAs('alice'));
        return findPending(...place);
      },
    });
    expect((await signUp()).statusCode).toBe(201);
    expect(servers.forgotten).toEqual([]);
  });

  it('learns nothing, and loses nothing, while the journal can not be asked', async () => {
    const servers = await startWithReceipt();
    servers.lose(servers.first.commandId);
    servers.storeFault = new StoreAwayError();
    const response = await signUp();
    expect(response.json()).toMatchObject({ type: '/problems/outcome-unknown', commandId: servers.first.commandId });
    expect(servers.forgotten).toEqual([]);
  });

  it('is busy when there is no room to take the command again', async () => {
    const servers = await startWithReceipt();
    servers.lose(servers.first.commandId);
    const { append } = servers;
    servers.append = async (command) => (servers.forgotten.length === 0 ? append(command) : { kind: 'full' });
    expect((await signUp()).json()).toMatchObject({ type: '/problems/busy' });
  });
});
