import { CornerDownRight } from 'lucide-react';
import { CopyButton } from '../../design/copy-button.tsx';
import type { CardProps } from './cards/command-card.tsx';
import { Markdown } from './markdown/markdown.tsx';
import type { RowOf } from './row.ts';
import styles from './said.module.css';
import { SentPicture } from './sent-picture.tsx';

/** What somebody wrote to Codex. */
export function UserMessage({ item, isSteered }: CardProps<'userMessage'> & { readonly isSteered: boolean }) {
  return (
    <div className={styles.mine}>
      {isSteered && (
        <p className={styles.note}>
          <CornerDownRight size={13} aria-hidden="true" /> Put into the running turn
        </p>
      )}
      {item.text !== '' && <p className={styles.text}>{item.text}</p>}
      <SentPictures paths={item.images} />
    </div>
  );
}

function SentPictures({ paths }: { readonly paths: readonly string[] }) {
  return [...new Set(paths)].map((path) => <SentPicture key={path} path={path} />);
}

/** What Codex said. */
export function AgentMessage({ item, isOpen }: CardProps<'agentMessage'>) {
  return (
    <div className={styles.said} data-answer={item.phase === 'final_answer' || undefined}>
      <Markdown text={item.text} isGrowing={isOpen} />
      {isOpen ? (
        <span className={styles.cursor} aria-hidden="true" />
      ) : (
        <div className={styles.copy}>
          <CopyButton text={item.text} label="Copy message" />
        </div>
      )}
    </div>
  );
}

/** A plan that Codex has written down, as it does before it is allowed to begin. */
export function PlanText({ item, isOpen }: CardProps<'plan'>) {
  return (
    <div className={styles.said}>
      <p className={styles.note}>Plan</p>
      <Markdown text={item.text} isGrowing={isOpen} />
    </div>
  );
}

/** A message that was sent, and that Codex has not taken yet. */
export function PendingMessage({ row }: { readonly row: RowOf<'pending'> }) {
  const { message, lostWith } = row;
  return (
    <div className={styles.mine} data-pending>
      {message.text !== '' && <p className={styles.text}>{message.text}</p>}
      <SentPictures paths={message.images} />
      <p className={styles.note} role="status">
        {lostWith === null
          ? message.state === 'accepted'
            ? 'Accepted by Codex, which has not taken it up yet …'
            : 'Sent. Codex has not taken it yet …'
          : `The ${lostWith} ended before Codex took this message.`}
      </p>
    </div>
  );
}
