const SAFE = new Set(['http:', 'https:', 'mailto:']);

/** The address, where it is whole and of a kind that cannot run anything here; else null. */
export function safeHref(address: string): string | null {
  if (!URL.canParse(address)) return null; // a path, which means nothing on this page
  const { protocol, href } = new URL(address);
  return SAFE.has(protocol) ? href : null;
}
