const SAFE = new Set(['http:', 'https:', 'mailto:']);

/** The address, where it is whole and of a kind that cannot run anything here; else null. */
export function safeHref(address: string): string | null {
  if (!URL.canParse(address)) return null; // a path, which means nothing on this page
  const { protocol, href } = new URL(address);
  return SAFE.has(protocol) ? href : null;
}

/** The path of a file that an address names, with or without a line in it (`src/app.ts:3:7`, `a.ts#L3`); null for none. */
export function pathOf(address: string): string | null {
  const [path = ''] = address.split('#');
  const plain = path.replace(/(:\d+(-\d+)?){1,2}$/, '').replace(/^\.\//, '');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: no file that somebody names has these
  if (plain === '' || /[\u0000-\u001f]|^[a-z][a-z0-9+.-]*:/i.test(plain) || plain.split('/').includes('..'))
    return null;
  try {
    return decodeURIComponent(plain);
  } catch {
    return plain;
  }
}
