import { common, createLowlight } from 'lowlight';
import { Fragment, type ReactNode } from 'react';
import styles from './shell-text.module.css';

const { bash } = common;
const lowlight = createLowlight(bash && { bash });
/** What highlight.js calls the parts of a command, as far as they are told apart here. */
const CLASSES: Readonly<Record<string, string | undefined>> = {
  'hljs-string': styles.string,
  'hljs-variable': styles.variable,
  'hljs-subst': styles.variable,
  'hljs-comment': styles.comment,
  'hljs-keyword': styles.keyword,
  'hljs-built_in': styles.keyword,
};

type Nodes = ReturnType<typeof lowlight.highlight>['children'];

/** A shell command in colours. */
export function shellColours(text: string): ReactNode {
  return drawn(lowlight.highlight('bash', text).children);
}

function drawn(nodes: Nodes): ReactNode[] {
  return nodes.map((node, at) => {
    // biome-ignore lint/suspicious/noArrayIndexKey: a piece of a text is nothing but its place
    if (node.type === 'text') return <Fragment key={at}>{node.value}</Fragment>;
    if (node.type !== 'element') return null;
    const names = Array.isArray(node.properties.className) ? node.properties.className : [];
    const className = names.map((name) => CLASSES[String(name)]).find(Boolean);
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: a piece of a text is nothing but its place
      <span key={at} className={className}>
        {drawn(node.children as Nodes)}
      </span>
    );
  });
}
