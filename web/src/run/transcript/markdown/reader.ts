import { Lexer, Tokenizer, type Tokens } from 'marked';

const QUOTE = /^ {0,3}>/;
const TAG = /^ {0,3}</;
/** A line below which is another one of nothing but what a table has below its head. */
const TABLE = /^[^\n]*\n[ |:-]+(?:\n|$)/;
const BLANK_LINE = /\n[ \t]*\n/;
const UNDERLINE = /\n {0,3}(?:=+|-+)[ \t]*(?:\n|$)/;
/** A line of which one sees by what follows that it is a paragraph by itself. */
const LINE = /^([^\n]+)(?=\n\n|\n?$)/;

/**
 * Looks whether there may be a match before it tries the largest patterns of Markdown, of which a browser needs longer to make
 * one ready than to read most texts.
 */
class QuickTokenizer extends Tokenizer {
  override blockquote(text: string): Tokens.Blockquote | undefined {
    return QUOTE.test(text) ? super.blockquote(text) : undefined;
  }

  override html(text: string): Tokens.HTML | undefined {
    return TAG.test(text) ? super.html(text) : undefined;
  }

  override table(text: string): Tokens.Table | undefined {
    return TABLE.test(text) ? super.table(text) : undefined;
  }

  override lheading(text: string): Tokens.Heading | undefined {
    const end = text.search(BLANK_LINE);
    return UNDERLINE.test(end < 0 ? text : text.slice(0, end + 1)) ? super.lheading(text) : undefined;
  }
}

/** The same for paragraphs, as a pattern: the library looks whether its own method for them is there. */
class QuickParagraph extends RegExp {
  override exec(text: string): RegExpExecArray | null {
    return LINE.exec(text) ?? super.exec(text);
  }
}

/** Reads Markdown as GitHub understands it, once. */
export function markdownReader(): Lexer {
  const tokenizer = new QuickTokenizer();
  const reader = new Lexer({ gfm: true, tokenizer });
  const { block } = tokenizer.rules;
  tokenizer.rules = { ...tokenizer.rules, block: { ...block, paragraph: new QuickParagraph(block.paragraph) } };
  return reader;
}
