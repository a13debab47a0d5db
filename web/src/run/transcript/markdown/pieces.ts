import type { MarkedToken, Token, Tokens } from 'marked';
import { isTooDeep, tokensOf } from './depth.ts';
import { decodeEntities } from './entities.ts';
import { safeHref } from './links.ts';
import { markdownReader } from './reader.ts';

/** What Markdown may become; nothing else is ever made of it. */
type Tag =
  | 'p'
  | 'h2'
  | 'h3'
  | 'h4'
  | 'h5'
  | 'strong'
  | 'em'
  | 'del'
  | 'code'
  | 'br'
  | 'hr'
  | 'blockquote'
  | 'ul'
  | 'ol'
  | 'li'
  | 'table'
  | 'thead'
  | 'tbody'
  | 'tr'
  | 'th'
  | 'td';

export type Piece =
  | string
  | { readonly tag: Tag; readonly children: readonly Piece[]; readonly start?: number; readonly align?: Align }
  | { readonly tag: 'a'; readonly children: readonly Piece[]; readonly href: string }
  /** What is named by an address that is none of the web: a file, mostly. */
  | { readonly tag: 'path'; readonly children: readonly Piece[]; readonly address: string }
  | { readonly tag: 'pre'; readonly text: string; readonly language: string | null }
  | { readonly tag: 'tick'; readonly isDone: boolean };
type Align = 'center' | 'left' | 'right';

/** How deep pieces may lie in each other: neither the reader of Markdown nor a browser takes any depth. */
const MAX_DEPTH = 40;

/** A text in Markdown as pieces of a page. What is HTML in it stays text, and so does what lies deeper than anybody writes. */
export function piecesOf(markdown: string): Piece[] {
  const tokens = isTooDeep(markdown) ? null : tokensOf(() => markdownReader().lex(markdown));
  return tokens ? all(tokens, 0) : [{ tag: 'p', children: [markdown.trimEnd()] }];
}

function all(tokens: readonly Token[] | undefined, depth: number): Piece[] {
  if (depth > MAX_DEPTH) return (tokens ?? []).map(({ raw }) => raw);
  return (tokens ?? []).flatMap((token) => pieceOf(token as MarkedToken, depth + 1));
}

function pieceOf(token: MarkedToken, depth: number): Piece | Piece[] {
  switch (token.type) {
    case 'space':
    case 'def':
      return [];
    case 'heading':
      return { tag: HEADINGS[token.depth] ?? 'h5', children: all(token.tokens, depth) };
    case 'paragraph':
      return { tag: 'p', children: all(token.tokens, depth) };
    case 'blockquote':
      return { tag: 'blockquote', children: all(token.tokens, depth) };
    case 'hr':
      return { tag: 'hr', children: [] };
    case 'code':
      return { tag: 'pre', text: token.text, language: /^[\w+#.-]+/.exec(token.lang ?? '')?.[0] ?? null };
    case 'list':
      return listOf(token, depth);
    case 'table':
      return tableOf(token, depth);
    case 'html':
      return token.block ? { tag: 'p', children: [token.raw.trimEnd()] } : token.raw;
    case 'strong':
    case 'em':
    case 'del':
      return { tag: token.type, children: all(token.tokens, depth) };
    case 'codespan':
      return { tag: 'code', children: [token.text] };
    case 'br':
      return { tag: 'br', children: [] };
    case 'link':
      return linkOf(token.href, all(token.tokens, depth));
    case 'image':
      return linkOf(token.href, [token.text || token.href]); // nothing is loaded from elsewhere
    case 'checkbox':
      return { tag: 'tick', isDone: token.checked };
    case 'escape':
      return token.text;
    case 'text':
      return token.tokens ? all(token.tokens, depth) : decodeEntities(token.text);
    default:
      return (token as Token).raw;
  }
}

const HEADINGS: Readonly<Record<number, Tag>> = { 1: 'h2', 2: 'h3', 3: 'h4' };

function listOf({ ordered, start, items }: Tokens.List, depth: number): Piece {
  const children = items.map((item): Piece => ({ tag: 'li', children: all(item.tokens, depth) }));
  if (!ordered) return { tag: 'ul', children };
  return { tag: 'ol', children, ...(typeof start === 'number' && start !== 1 && { start }) };
}

function tableOf({ header, rows }: Tokens.Table, depth: number): Piece {
  const cell = (tag: 'th' | 'td', { tokens, align }: Tokens.TableCell): Piece => ({
    tag,
    children: all(tokens, depth),
    ...(align && { align }),
  });
  const head: Piece = { tag: 'tr', children: header.map((one) => cell('th', one)) };
  const body = rows.map((row): Piece => ({ tag: 'tr', children: row.map((one) => cell('td', one)) }));
  return {
    tag: 'table',
    children: [
      { tag: 'thead', children: [head] },
      { tag: 'tbody', children: body },
    ],
  };
}

/** What leads nowhere that is safe is no link. */
function linkOf(target: string, children: readonly Piece[]): Piece[] {
  const address = decodeEntities(target);
  const href = safeHref(address);
  if (href !== null) return [{ tag: 'a', children, href }];
  return [{ tag: 'path', children, address }];
}
