import type { ItemStatus } from '../../../../../src/contract/item.ts';
import { lengthInWords } from '../length.ts';
import styles from './card.module.css';

export interface StatusProps {
  readonly status: ItemStatus;
  readonly durationMs?: number | undefined;
  readonly exitCode?: number | undefined;
  /** The session it ran in is over, and it has never told how it ended. */
  readonly isLost: boolean;
  /** It only goes on when somebody has answered. */
  readonly isAsked: boolean;
}

/** What Codex tells in the place of an exit code of a command that it has ended itself, with its turn. */
const STOPPED = -1;

/** How a piece of work stands: said where it is not simply done. */
export function Status({ status, durationMs, exitCode, isLost, isAsked }: StatusProps) {
  return (
    <>
      {durationMs !== undefined && durationMs >= 100 && <span>{lengthInWords(durationMs)}</span>}
      {status === 'running' && <Running isLost={isLost} isAsked={isAsked} />}
      {status === 'declined' && <span className={styles.bad}>declined</span>}
      {status === 'failed' && exitCode !== STOPPED && (
        <span className={styles.bad}>{exitCode ? `exit ${exitCode}` : 'failed'}</span>
      )}
      {status === 'failed' && exitCode === STOPPED && <span>stopped</span>}
      {status === 'completed' && exitCode !== undefined && (
        <span className={exitCode === 0 ? styles.good : styles.bad}>exit {exitCode}</span>
      )}
    </>
  );
}

function Running({ isLost, isAsked }: Pick<StatusProps, 'isLost' | 'isAsked'>) {
  if (isAsked) return <span className={styles.asked}>waits for an answer</span>;
  return <span className={isLost ? undefined : styles.running}>{isLost ? 'not finished' : 'running …'}</span>;
}
