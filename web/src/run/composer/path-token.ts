/** An `@` with the beginning of a path behind it, in which the caret is. */
export interface PathToken {
  readonly from: number;
  readonly to: number;
  /** The directory that is typed whole, from the workspace on; empty for the workspace. */
  readonly directory: string;
  /** The beginning of a name in it. */
  readonly begun: string;
}

export function pathTokenAt(text: string, caret: number): PathToken | undefined {
  const before = /(?:^|[\s("'`])@([^\s@]*)$/.exec(text.slice(0, caret));
  if (!before) return undefined;
  const typed = before[1] ?? '';
  const slash = typed.lastIndexOf('/');
  return {
    from: caret - typed.length - 1,
    to: caret,
    directory: slash < 0 ? '' : typed.slice(0, slash),
    begun: typed.slice(slash + 1),
  };
}

export interface PathChoice {
  readonly path: string;
  readonly isDirectory: boolean;
}

/** The text with what was chosen in the place of the token. A directory stays open, so that one can go on into it. */
export function withPath(text: string, { from, to }: PathToken, { path, isDirectory }: PathChoice): [string, number] {
  const quoted = /\s/.test(path) ? `"${path}"` : path;
  const put = isDirectory ? `@${path}/` : `${quoted}${/^\s/.test(text.slice(to)) ? '' : ' '}`;
  return [text.slice(0, from) + put + text.slice(to), from + put.length];
}

/** What fits in a directory: what begins so first, then what contains it; hidden ones only when they are asked for. */
export function fitting<E extends { readonly name: string }>(entries: readonly E[], begun: string): E[] {
  const wanted = begun.toLowerCase();
  const shown = entries.filter(({ name }) => begun.startsWith('.') || !name.startsWith('.'));
  const begins = shown.filter(({ name }) => name.toLowerCase().startsWith(wanted));
  const contains = shown.filter((entry) => !begins.includes(entry) && entry.name.toLowerCase().includes(wanted));
  return [...begins, ...contains];
}
