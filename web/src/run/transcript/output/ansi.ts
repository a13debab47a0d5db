import Anser from 'anser';

/** A stretch of text of one look. */
export interface Segment {
  readonly text: string;
  /** A colour by name, or its parts as `r, g, b`; null for that of the page. */
  readonly color: string | null;
  readonly background: string | null;
  readonly isBold: boolean;
  readonly isDim: boolean;
  readonly isItalic: boolean;
  readonly isUnderlined: boolean;
}

/** What a terminal would show of an output that only ever goes on: colours, and no moves of a cursor. */
export function segmentsOf(output: string): Segment[] {
  const entries = Anser.ansiToJson(asShown(output), { use_classes: true, remove_empty: true });
  return entries.map((entry) => ({
    text: entry.content,
    color: colorOf(entry.fg, entry.fg_truecolor),
    background: colorOf(entry.bg, entry.bg_truecolor),
    isBold: entry.decorations.includes('bold'),
    isDim: entry.decorations.includes('dim'),
    isItalic: entry.decorations.includes('italic'),
    isUnderlined: entry.decorations.includes('underline'),
  }));
}

/** Sequences that do something else than colour: titles, links, moves, modes, character sets. */
const OTHER_SEQUENCES = new RegExp(
  [
    '\\x1b\\][^\\x07\\x1b]*(?:\\x07|\\x1b\\\\)?',
    '\\x1b[PX^_][^\\x1b]*(?:\\x1b\\\\)?',
    '\\x1b\\[[0-?]*[ -/]*[@-ln-~]',
    '\\x1b\\[[0-?]*$',
    '\\x1b[ -/]+[0-~]',
    '\\x1b(?!\\[)[0-~]?',
    // and what is no sequence, and has no look
    '[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1a\\x1c-\\x1f\\x7f]',
  ].join('|'),
  'g',
);

function asShown(output: string): string {
  const text = output.replace(OTHER_SEQUENCES, '').replaceAll('\r\n', '\n');
  if (!text.includes('\r')) return text;
  // A bar that is drawn over itself: what was written last is what one sees.
  return text.replace(/[^\n]*\r(?=[^\n\r])/g, '').replaceAll('\r', '');
}

function colorOf(name: string | null, parts: string | null): string | null {
  if (name === null) return null;
  if (name === 'ansi-truecolor') return parts;
  const index = /^ansi-palette-(\d+)$/.exec(name)?.[1];
  return index === undefined ? name.slice('ansi-'.length) : paletteColor(Number(index));
}

/** Of the 256 colours of a terminal those that are beyond the named ones: a cube, and greys. */
function paletteColor(index: number): string {
  if (index >= 232)
    return Array(3)
      .fill(8 + (index - 232) * 10)
      .join(', ');
  const level = (step: number) => (step === 0 ? 0 : 55 + step * 40);
  const at = index - 16;
  return [Math.floor(at / 36), Math.floor(at / 6) % 6, at % 6].map(level).join(', ');
}
