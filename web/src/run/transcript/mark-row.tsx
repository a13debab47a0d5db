import { CircleAlert, CirclePause, CirclePlay, Info, Plug2, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ErrorRecord } from '../../../../src/contract/outcome.ts';
import styles from './mark.module.css';
import type { PlainMark, RowOf } from './row.ts';

/** Something that happened beside what Codex did. */
export function MarkRow({ row }: { readonly row: RowOf<'mark'> }) {
  const { mark, message } = row;
  return (
    <div className={styles.mark} data-level={levelOf(mark)}>
      <span className={styles.icon} aria-hidden="true">
        {iconOf(mark)}
      </span>
      <div className={styles.text}>
        {contentOf(mark)}
        {message && <blockquote>{message.text}</blockquote>}
      </div>
    </div>
  );
}

function contentOf(mark: PlainMark): ReactNode {
  switch (mark.kind) {
    case 'session': {
      const { isResumed, model, effort, codexVersion, sandbox } = mark.event;
      const how = [model, effort && `effort ${effort}`, `Codex ${codexVersion}`, `sandbox ${sandbox.mode}`];
      return (
        <p>
          {isResumed ? 'Session taken up again' : 'Session began'}: {how.filter(Boolean).join(' · ')}
        </p>
      );
    }
    case 'reconnected':
      return <p>Connected to Codex again: {mark.reason}</p>;
    case 'sessionEnded':
      return <Failure title="The session ended" error={mark.error} />;
    case 'paused':
      return <p>Paused{mark.message && `: ${mark.message}`}</p>;
    case 'resumed':
      return <p>Resumed</p>;
    case 'notice':
      return (
        <>
          <p>{mark.event.message}</p>
          {mark.event.remedy && <p>{mark.event.remedy}</p>}
        </>
      );
    case 'refused':
      return <Failure title="Codex refused this message" error={mark.error} />;
  }
}

/** An error in full: what happened, and what to do. */
export function Failure({ title, error }: { readonly title: string; readonly error: ErrorRecord }) {
  return (
    <>
      <p>
        <strong>{title}:</strong> {error.message} <code>{error.code}</code>
      </p>
      {error.remedy && <p>{error.remedy}</p>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard */}
      {error.stderr && <pre tabIndex={0}>{error.stderr}</pre>}
    </>
  );
}

function levelOf(mark: PlainMark): 'info' | 'warning' | 'error' {
  if (mark.kind === 'notice') return mark.event.level;
  if (mark.kind === 'refused' || mark.kind === 'sessionEnded') return 'error';
  return mark.kind === 'paused' ? 'warning' : 'info';
}

function iconOf(mark: PlainMark): ReactNode {
  if (mark.kind === 'paused') return <CirclePause size={15} />;
  if (mark.kind === 'resumed') return <CirclePlay size={15} />;
  if (mark.kind === 'session' || mark.kind === 'reconnected') return <Plug2 size={15} />;
  const level = levelOf(mark);
  if (level === 'error') return <CircleAlert size={15} />;
  return level === 'warning' ? <TriangleAlert size={15} /> : <Info size={15} />;
}
