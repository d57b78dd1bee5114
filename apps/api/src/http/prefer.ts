import { limits } from '@rollcall/contracts/http';

const waitPreference = /^wait\s*=\s*(?:"(\d{1,9})"|(\d{1,9}))$/i;

/**
 * The seconds of `Prefer: wait=N` (RFC 7240), capped at 30; undefined without a usable one. Only the first `wait` counts,
 * and parameters of a preference are ignored, as the RFC says.
 */
export function parsePreferWait(header: string | readonly string[] | undefined): number | undefined {
  if (typeof header !== 'string') return undefined;
  for (const preference of header.split(',')) {
    const [first = ''] = preference.split(';', 1);
    const token = first.trim();
    if (!/^wait(?:\s*=|$)/i.test(token)) continue;
    const match = waitPreference.exec(token);
    if (match === null) return undefined;
    return Math.min(Number(match[1] ?? match[2]), limits.waitSecondsMax);
  }
  return undefined;
}
