/** What a run is given: of two objects with names, what the launch says of each name, and otherwise what the task says. */
export function mergedParams(own: unknown, given: unknown): unknown {
  if (given === undefined) return own;
  return isPlain(own) && isPlain(given) ? { ...own, ...given } : given;
}

function isPlain(params: unknown): params is Record<string, unknown> {
  if (typeof params !== 'object' || params === null) return false;
  const prototype: unknown = Object.getPrototypeOf(params);
  return prototype === null || prototype === Object.prototype;
}
