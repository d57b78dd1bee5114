/** What `.data/demo.json` holds once the system is ready. */
export interface Demo {
  readonly url: string;
  readonly eventId: string;
  readonly roleId: string;
  readonly tokens: { readonly organizer: string; readonly alice: string; readonly bob: string };
}

/** Checks what the CLI's `demo --json` printed. @throws if it is not what start and demo.json promise. */
export function readDemo(output: string, url: string): Demo {
  const value: unknown = JSON.parse(output);
  const { eventId, roleId, tokens } = value as Partial<Demo>;
  const wanted = { eventId, roleId, organizer: tokens?.organizer, alice: tokens?.alice, bob: tokens?.bob };
  for (const [name, text] of Object.entries(wanted)) {
    if (typeof text !== 'string' || text === '') throw new Error(`the demo event came without ${name}`);
  }
  const { organizer, alice, bob } = wanted as Record<keyof typeof wanted, string>;
  return { url, eventId: wanted.eventId as string, roleId: wanted.roleId as string, tokens: { organizer, alice, bob } };
}

/** Three lines that work when pasted into a shell. */
function curlLines(demo: Demo): readonly string[] {
  const signUp = (token: string): string =>
    `curl -sS -X POST ${demo.url}/v1/events/${demo.eventId}/registrations -H 'authorization: Bearer ${token}'` +
    ` -H 'content-type: application/json' -H 'prefer: wait=10' -d '${JSON.stringify({ roleId: demo.roleId })}'`;
  return [
    signUp(demo.tokens.alice),
    `curl -sS ${demo.url}/v1/events/${demo.eventId}/availability`,
    signUp(demo.tokens.bob),
  ];
}

export function greeting(demo: Demo, places: { readonly logsDir: string; readonly demoFile: string }): string {
  const [alice, availability, bob] = curlLines(demo);
  return `
Rollcall is running at ${demo.url}  (API description: ${demo.url}/docs)

  event      ${demo.eventId}
  role       ${demo.roleId}
  organizer  ${demo.tokens.organizer}
  alice      ${demo.tokens.alice}
  bob        ${demo.tokens.bob}

Sign alice up, look at the seats, sign bob up:

${alice}

${availability}

${bob}

Watch the seats go, in another terminal:

curl -sSN ${demo.url}/v1/events/${demo.eventId}/live

The same for scripts: ${places.demoFile}
Logs: ${places.logsDir}/*.log
Ctrl-C stops everything; the data stays for the next start.
`;
}
