/** Where signups go and what they say. Tokens are made for the users `firstUser`, `firstUser + 1`, … */
export interface Target {
  readonly origin: string;
  /** Of more API processes: connections are spread over all of them. */
  readonly otherOrigins?: readonly string[];
  readonly path: string;
  /** JSON, the same for every user: who asks stands in the token. */
  readonly body: string;
  /** Taken in turn in the place of `path` and `body`: signups for several events. */
  readonly places?: readonly { readonly path: string; readonly body: string }[];
  readonly prefer?: string;
  readonly firstUser: number;
  readonly count: number;
}

/** How tokens are made; it comes to the generator once, by its environment. */
export interface TokenSettings {
  readonly secret: string;
  readonly issuer: string;
  readonly audience: string;
}

/** What the generator can be asked to do. It does one task at a time. */
export type Task =
  /** As many requests under way as connections times pipelining, until all are answered. */
  | { readonly kind: 'saturate'; readonly target: Target; readonly connections: number; readonly pipelining: number }
  /** Each request at its time, whether or not earlier ones are answered. The phases follow one another without a pause, at one server. */
  | { readonly kind: 'openLoop'; readonly phases: readonly Phase[]; readonly connections: number }
  /** Every request on a connection of its own; done when all are sent. */
  | { readonly kind: 'hold'; readonly target: Target }
  /** Waits for the answers of what is held. */
  | { readonly kind: 'release' };

export interface Phase {
  readonly target: Target;
  readonly ratePerSecond: number;
  /** Whoever could not be sent by the end of the phase has gone away; otherwise they are sent late. */
  readonly givesUp?: true;
}

/** How often each HTTP status came back; 0 counts requests without an answer. */
export type Statuses = ReadonlyMap<number, number>;

/** Times by the place of the user in the target, in ms since 1970 with fractions. */
export interface Exchanges {
  readonly statuses: Statuses;
  readonly sentAt: Float64Array;
  readonly answeredAt: Float64Array;
}

/** In milliseconds. */
export interface Percentiles {
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

/** Of one phase. */
export interface OpenLoopResult {
  readonly statuses: Statuses;
  /** How many were not sent: of phases that give up. */
  readonly unsent: number;
  /** How many were answered 503 and not told when to come again. */
  readonly withoutRetryAfter: number;
  /** From the instant at which each request was due to the end of its answer. */
  readonly latency: Percentiles;
  /** From the instant at which each request was due to when it was handed to its connection. */
  readonly sendLag: Percentiles;
  /** The median of `latency` of those due in each second. */
  readonly p50BySecond: readonly number[];
}

export interface TaskResults {
  readonly saturate: Exchanges;
  /** In the order of the phases. */
  readonly openLoop: readonly OpenLoopResult[];
  readonly hold: undefined;
  readonly release: Exchanges;
}

/** The environment variable that holds the token settings as JSON. */
export const tokenSettingsVariable = 'BENCH_TOKENS';

const userPrefix = 'bench-user-';
export const userIdOf = (user: number): string => `${userPrefix}${user}`;
export const userOf = (userId: string): number => Number(userId.slice(userPrefix.length));
