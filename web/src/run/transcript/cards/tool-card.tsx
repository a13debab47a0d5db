import { Plug } from 'lucide-react';
import { useFold } from '../folds.ts';
import { asText } from '../row-text.ts';
import styles from './card.module.css';
import { CardBody, CardHead } from './card.tsx';
import type { CardProps } from './command-card.tsx';
import { Data } from './data.tsx';
import { Status } from './status.tsx';

/** A call of a tool: what it was given, and what it gave back. */
export function ToolCard({ item, isOpen, isAsked = false }: CardProps<'toolCall'>) {
  const { id, server, tool, status, durationMs, error, result } = item;
  const [steps, unfold] = useFold(`tool/${id}`);
  const brief = asText(item.arguments).replace(/\s+/g, ' ');
  return (
    <>
      <CardHead
        icon={<Plug size={15} />}
        label="Tool"
        side={<Status status={status} durationMs={durationMs} isLost={!isOpen} isAsked={isAsked} />}
        onToggle={() => unfold(steps > 0 ? 0 : 1)}
        isUnfolded={steps > 0}
      >
        <code className={styles.script}>{server === undefined ? tool : `${server} · ${tool}`}</code>{' '}
        {steps === 0 && (brief.length > 100 ? `${brief.slice(0, 100)} …` : brief)}
      </CardHead>
      {(steps > 0 || error !== undefined) && (
        <CardBody>
          {steps > 0 && <Data label="Given" data={item.arguments} />}
          {error !== undefined && <Data label="Error" data={error} isBad />}
          {steps > 0 && result !== undefined && <Data label="Given back" data={resultOf(result)} />}
        </CardBody>
      )}
    </>
  );
}

/** Of the result of an MCP server the texts are what it says; anything else is shown as it came. */
function resultOf(result: unknown): unknown {
  const { content, structuredContent } = (result ?? {}) as { content?: unknown; structuredContent?: unknown };
  if (!Array.isArray(content) || (structuredContent !== undefined && structuredContent !== null)) return result;
  const texts = content.map((part: { type?: unknown; text?: unknown }) =>
    part?.type === 'text' && typeof part.text === 'string' ? part.text : undefined,
  );
  return texts.every((text) => text !== undefined) ? texts.join('\n') : result;
}
