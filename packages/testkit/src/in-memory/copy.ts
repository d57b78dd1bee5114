/** A copy of plain data: objects, arrays, maps and sets of such, and what is no object. Much cheaper than `structuredClone`. */
export function copyOf<Value>(value: Value): Value {
  return copied(value) as Value;
}

function copied(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copied);
  if (value instanceof Map) return new Map([...value].map(([key, member]) => [key, copied(member)]));
  if (value instanceof Set) return new Set(value);
  const copy: Record<string, unknown> = {};
  for (const key in value) copy[key] = copied(Reflect.get(value, key));
  return copy;
}
