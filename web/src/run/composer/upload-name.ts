/** Where files go that somebody adds to a message, from the workspace on. */
export const UPLOADS = 'uploads';
const MAX_NAME = 120;

/** A name under which a file can lie in the workspace, and that no other has yet. */
export function uploadName(name: string, taken: ReadonlySet<string>): string {
  const [stem, ending] = parts(clean(name));
  for (let count = 1; ; count++) {
    const tried = count === 1 ? `${stem}${ending}` : `${stem}-${count}${ending}`;
    if (!taken.has(tried)) return tried;
  }
}

function clean(name: string): string {
  const base = name.split(/[/\\]/).at(-1) ?? '';
  const harmless = base
    .replace(/\p{Cc}/gu, '')
    .trim()
    .replace(/^\.+/, '');
  return harmless === '' ? 'file' : harmless;
}

function parts(name: string): [string, string] {
  const [, stem = name, ending = ''] = /^(.+?)(\.[A-Za-z0-9]{1,10})?$/.exec(name) ?? [];
  return [stem.slice(0, MAX_NAME), ending];
}

/** A message with the files that go with it, which are named from the workspace on. */
export function withFiles(text: string, paths: readonly string[]): string {
  if (paths.length === 0) return text;
  const title = paths.length === 1 ? 'A file for you, in the workspace:' : 'Files for you, in the workspace:';
  return [text.trim(), [title, ...paths.map((path) => `- ${path}`)].join('\n')].filter(Boolean).join('\n\n');
}
