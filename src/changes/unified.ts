import { WHY_WITHOUT_LINES } from '../contract/without-lines.ts';
import type { WorkspaceChange } from '../contract/workspace-change.ts';

const FILE = '100644';

/** How one file has changed, as git writes it. `hunks`: its lines. */
export function unifiedDiff(change: WorkspaceChange, hunks: string): string {
  const { path, from = path, without, mode } = change;
  // What follows is for people; whatever applies a diff passes over it. Of a binary, too: git refuses the whole diff for one
  // whose content is not in it.
  if (without !== null) return `# ${quoted('', path)} ${change.change}: ${WHY_WITHOUT_LINES[without]}\n`;
  const [a, b] = [quoted('a/', from), quoted('b/', path)];
  const lines = [`diff --git ${a} ${b}`];
  if (change.change === 'added') lines.push(`new file mode ${mode?.after ?? FILE}`);
  else if (change.change === 'deleted') lines.push(`deleted file mode ${mode?.before ?? FILE}`);
  else if (mode) lines.push(`old mode ${mode.before}`, `new mode ${mode.after}`);
  if (change.change === 'renamed')
    lines.push('similarity index 100%', `rename from ${quoted('', from)}`, `rename to ${quoted('', path)}`);
  const [before, after] = [change.change === 'added' ? NOWHERE : a, change.change === 'deleted' ? NOWHERE : b];
  // A name with a space in it ends where git says so: with a tab.
  if (hunks !== '') lines.push(`--- ${ended(before)}`, `+++ ${ended(after)}`);
  return `${lines.join('\n')}\n${hunks}`;
}

const NOWHERE = '/dev/null';

/** The kind of a file and whether it can be executed, as git writes it; undefined for what git does not know. */
export function gitMode(mode: number): string | undefined {
  const kind = mode & 0o170000;
  if (kind === 0o120000) return '120000';
  if (kind === 0o100000) return mode & 0o100 ? '100755' : FILE;
  return undefined;
}

const NAMED: Readonly<Record<string, string>> = { '\n': '\\n', '\t': '\\t', '\r': '\\r', '"': '\\"', '\\': '\\\\' };

/** As git writes a name that holds what cannot stand in a line. */
function quoted(prefix: string, name: string): string {
  const path = prefix + name;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  if (!/[\u0000-\u001f"\\\u007f]/.test(path)) return path;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  const inside = path.replace(/[\u0000-\u001f"\\\u007f]/g, (character) => {
    return NAMED[character] ?? `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`;
  });
  return `"${inside}"`;
}

function ended(name: string): string {
  return name.includes(' ') && !name.startsWith('"') ? `${name}\t` : name;
}

/** At most so much of a diff, to the end of a line, in characters. */
export function cutDiff(diff: string, max: number): { readonly diff: string; readonly isCut: boolean } {
  if (diff.length <= max) return { diff, isCut: false };
  return { diff: diff.slice(0, diff.lastIndexOf('\n', max - 1) + 1), isCut: true };
}
