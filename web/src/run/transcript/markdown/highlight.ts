import { common, createLowlight } from 'lowlight';

type Look = 'keyword' | 'string' | 'number' | 'name' | 'comment' | 'added' | 'removed';

/** A stretch of code of one colour; null for that of the page. */
export interface Colored {
  readonly text: string;
  readonly look: Look | null;
}

const lowlight = createLowlight(common);

/** Code with its words told apart; null for a language that is not known. */
export function colorize(code: string, language: string): readonly Colored[] | null {
  if (!lowlight.registered(language)) return null;
  return flat(lowlight.highlight(language, code).children, null);
}

type Node = ReturnType<typeof lowlight.highlight>['children'][number];

function flat(nodes: readonly Node[], look: Look | null): Colored[] {
  return nodes.flatMap((node) => {
    if (node.type === 'text') return [{ text: node.value, look }];
    if (node.type !== 'element') return [];
    const names = node.properties.className;
    const [name] = Array.isArray(names) ? names : [];
    return flat(node.children, LOOKS[String(name).replace('hljs-', '')] ?? look);
  });
}

const LOOKS: Readonly<Record<string, Look>> = {
  keyword: 'keyword',
  'selector-tag': 'keyword',
  'meta-keyword': 'keyword',
  tag: 'keyword',
  string: 'string',
  regexp: 'string',
  symbol: 'string',
  number: 'number',
  literal: 'number',
  attr: 'number',
  attribute: 'number',
  variable: 'number',
  title: 'name',
  built_in: 'name',
  type: 'name',
  section: 'name',
  name: 'name',
  comment: 'comment',
  quote: 'comment',
  meta: 'comment',
  addition: 'added',
  deletion: 'removed',
};
