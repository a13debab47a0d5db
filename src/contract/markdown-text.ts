// What agents and commands say goes into a document of ours. Nothing of it may end what it stands in, pass for a part of the
// document, or have a page load or run something.

const ESCAPE = String.fromCharCode(0x1b);
const BELL = String.fromCharCode(0x07);
/** What terminals take for orders: colours and the cursor, and titles and links. */
const ORDERS = new RegExp(`${ESCAPE}(?:\\[[0-?]*[ -/]*[@-~]|\\][^${BELL}${ESCAPE}]*(?:${BELL}|${ESCAPE}\\\\))`, 'g');

/** Without what a terminal would obey, and with a turn of the reading order shown as what it is. */
function plain(text: string): string {
  return text
    .replace(ORDERS, '')
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replace(/[^\P{Cc}\n\t]/gu, '')
    .replace(/\p{Bidi_Control}/gu, (character) => `\\u${character.charCodeAt(0).toString(16)}`);
}

function oneLine(text: string): string {
  return plain(text).replace(/\s+/g, ' ').trim();
}

/** A text within a line of ours; 300 characters of it at most. */
export function inline(text: string): string {
  const line = oneLine(text);
  const cut = line.length > 300 ? `${line.slice(0, 299)}…` : line;
  return cut.replace(/[\\`*_[\]<>&!|~$]|^#/g, '\\$&');
}

/** A name within a line of ours, as it is. */
export function code(text: string): string {
  const line = oneLine(text);
  const fence = '`'.repeat(longestRun(line, '`') + 1);
  return line === '' ? '(empty)' : /^`|`$/.test(line) ? `${fence} ${line} ${fence}` : `${fence}${line}${fence}`;
}

/** A file of the workspace by its name, which leads to it for whoever reads the document there; any other file by its name alone. */
export function fileLink(path: string): string {
  const name = path.toWellFormed();
  const steps = name.split('/');
  if (steps.some((step) => step === '' || step === '..')) return code(name);
  const target = steps.map((step) => encodeURIComponent(step).replace(/[!'()*~]/g, percent)).join('/');
  return `[${code(name)}](./${target})`;
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

/** A text as it is, on lines of its own. `kind`: for the colours, `diff` for example. */
export function fenced(text: string, kind = ''): string {
  const body = plain(text).replace(/\n+$/, '');
  const fence = '`'.repeat(Math.max(3, longestRun(body, '`') + 1));
  return `${fence}${kind}\n${body}\n${fence}`;
}

/** Data on lines of its own. */
export function json(data: unknown): string {
  return fenced(JSON.stringify(data, null, 2) ?? 'nothing', 'json');
}

/** Something that is shown when one asks for it. */
export function folded(summary: string, body: string): string {
  return `<details>\n<summary>${summary}</summary>\n\n${body}\n\n</details>`;
}

/** Markdown of somebody else's, which stays a quotation: it has no headings, no HTML and no pictures. */
export function quoted(text: string): string {
  const lines = plain(text).replace(/\n+$/, '').split('\n');
  const shown: string[] = [];
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    const [, fence, info = ''] = FENCE.exec(line) ?? [];
    if (fence === undefined || (fence[0] === '`' && info.includes('`'))) {
      shown.push(prose(line));
      continue;
    }
    const rest = lines.slice(at + 1);
    const length = rest.findIndex((other) => isEndOf(fence, other));
    const block = length < 0 ? rest : rest.slice(0, length);
    at += block.length + 1;
    // Between empty lines, where nothing before can reach into it, and with a fence of ours.
    shown.push('', ...fenced(block.join('\n'), /^[\w+#-]*/.exec(info.trim())?.[0]).split('\n'), '');
  }
  return shown.map((line) => `> ${line}`.trimEnd()).join('\n');
}

const FENCE = /^\s*(?:(?:[-*+]|\d{1,9}[.)])\s+)?(`{3,}|~{3,})(.*)$/;

function isEndOf(fence: string, line: string): boolean {
  const text = line.trim();
  return text.length >= fence.length && [...text].every((character) => character === fence[0]);
}

/** Quotation marks and signs of lists, behind which a line may still be a heading. */
const MARKS = String.raw`(?:[\s>]|(?:[-*+]|\d{1,9}[.)])(?=\s))*`;
const HEADING = new RegExp(`^(${MARKS})(?=#)`);
const UNDERLINE = new RegExp(String.raw`^(${MARKS}|[\s>]*)(?=(?:-+|=+)\s*$)`);
const SPAN = /(?<![\\`])(`{1,2})(?!`)(.+?)(?<!`)\1(?!`)/g;

/** A line outside of code. Wherever another reader sees code in it, nothing in it is HTML, a picture or a fence. */
function prose(line: string): string {
  const flat = line
    .replace(/`{3,}|~{3,}/g, escapeAll)
    .replace(HEADING, '$1\\')
    .replace(UNDERLINE, '$1\\');
  const parts: string[] = [];
  let at = 0;
  for (const span of flat.matchAll(SPAN)) {
    parts.push(harmless(flat.slice(at, span.index)), spanOf(span[0], span[2] ?? ''));
    at = span.index + span[0].length;
  }
  return [...parts, harmless(flat.slice(at))].join('');
}

function harmless(text: string): string {
  return text.replaceAll('<', '&lt;').replaceAll('![', '!\\[').replaceAll('$$', '\\$\\$');
}

function spanOf(written: string, content: string): string {
  if (!/[<&$]|!\[/.test(content)) return written;
  const text = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<code>${text.replace(/[\\`*_[\]~!#$|]/g, '\\$&')}</code>`;
}

function escapeAll(run: string): string {
  return run.replace(/./g, '\\$&');
}

/** How many of a character stand side by side at most. */
function longestRun(text: string, character: string): number {
  let longest = 0;
  for (const [run] of text.matchAll(new RegExp(`${character}+`, 'g'))) longest = Math.max(longest, run.length);
  return longest;
}

/** `40 ms`, `0.4 s`, `12 s`, `3 min 5 s`. */
export function span(ms: number): string {
  if (ms < 100) return `${Math.round(ms)} ms`;
  if (ms < 9_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
