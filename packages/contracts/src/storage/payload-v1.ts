/** The shape of a JSON object, of which nothing is known. */
export type Fields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

/** What an API of version 1 meant without saying it. */
const offerMs = 86_400_000;
const unchanged = { settings: {}, pools: {}, ifOver: 'refuse', dryRun: false };

/**
 * A body of version 1 as one of version 2. Workers are updated before APIs, so it comes from an API that is still to
 * be updated. Only adds what is missing: whether it can be read is for the schema to say.
 */
export function upgradeBody(body: Fields): Fields {
  switch (body['type']) {
    case 'CreateEvent': {
      const { settings, roles } = body;
      return {
        pools: [],
        ...body,
        settings: withDefaults({ usersMayMove: false }, settings),
        roles: Array.isArray(roles) ? roles.map((role: unknown) => withDefaults({ offerMs }, role)) : roles,
      };
    }
    case 'ChangeEventSettings':
      return { ...unchanged, ...body };
    default:
      return body;
  }
}

function withDefaults(defaults: Fields, value: unknown): unknown {
  return isFields(value) ? { ...defaults, ...value } : value;
}
