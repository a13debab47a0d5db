/** What one does not see, or what turns around what stands beside it; but the ends of lines, and tabs. */
const UNSEEN = /(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]/gu;

/**
 * A text of the agent's as one has to see it who is about to approve it: a character that cannot be seen, or that makes others
 * change places, is written out, such as `⟨U+202E⟩`.
 */
export function exact(text: string): string {
  return text.replace(UNSEEN, (character) => {
    const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    return `⟨U+${code}⟩`;
  });
}
