/** Ids come from outside, and one may be called like something that every object has: `constructor`, `__proto__`. */
export function get<V>(record: Record<string, V>, id: string): V | undefined {
  return Object.hasOwn(record, id) ? record[id] : undefined;
}

/** An assignment, which is far quicker than a definition, would take `__proto__` for something else. */
export function put<V>(record: Record<string, V>, id: string, value: V): void {
  if (id !== '__proto__') record[id] = value;
  else Object.defineProperty(record, id, { value, enumerable: true, configurable: true, writable: true });
}

/**
 * For many records of a few entries each, all of whose ids are different: without a prototype it is a dictionary from the
 * beginning, where an engine makes a class of its own for each set of names otherwise, at ten times the cost.
 */
export function emptyById<V>(): Record<string, V> {
  return Object.create(null);
}
