/** A key by which the server knows what it was asked for, so that it makes it once. */
export function newKey(): string {
  // A page that came over plain HTTP from another machine has no randomUUID.
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID();
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
