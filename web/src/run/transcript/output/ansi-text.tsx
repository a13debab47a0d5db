import { memo } from 'react';
import { type Segment, segmentsOf } from './ansi.ts';
import styles from './output.module.css';

/** What a command has written, in its colours. */
export const AnsiText = memo(function AnsiText({ text }: { readonly text: string }) {
  return segmentsOf(text).map((segment, at) =>
    isPlain(segment) ? (
      segment.text
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: a stretch of output is nothing but its place
      <span key={at} className={classesOf(segment)} data-color={nameOf(segment.color)} style={styleOf(segment)}>
        {segment.text}
      </span>
    ),
  );
});

function isPlain(segment: Segment): boolean {
  const { color, background, isBold, isDim, isItalic, isUnderlined } = segment;
  return color === null && background === null && !(isBold || isDim || isItalic || isUnderlined);
}

function classesOf({ isBold, isDim, isItalic, isUnderlined, background }: Segment): string {
  return [
    isBold && styles.bold,
    isDim && styles.dim,
    isItalic && styles.italic,
    isUnderlined && styles.underlined,
    background !== null && styles.marked,
  ]
    .filter(Boolean)
    .join(' ');
}

function nameOf(color: string | null): string | undefined {
  return color === null || color.includes(',') ? undefined : color.replace('bright-', '');
}

/** A colour of the program's choice, drawn towards that of the text, so that it can be read on any paper. */
function styleOf({ color }: Segment): { color: string } | undefined {
  return color?.includes(',') ? { color: `color-mix(in oklab, rgb(${color}) 55%, var(--ink))` } : undefined;
}
