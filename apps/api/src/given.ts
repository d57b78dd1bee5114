/** The fields that have a value. What is undefined is left out, as types whose optional fields are exact want it. */
export function given<Fields extends object>(
  fields: Fields,
): { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> } {
  const all: { [Name in keyof Fields]?: Fields[Name] } = { ...fields };
  for (const name of Object.keys(all) as (keyof Fields)[]) if (all[name] === undefined) delete all[name];
  return all as { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> };
}
