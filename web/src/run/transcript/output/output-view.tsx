import { Button } from '../../../design/button.tsx';
import { CopyButton } from '../../../design/copy-button.tsx';
import { plural } from '../../../design/in-words.ts';
import { useFold } from '../folds.ts';
import { AnsiText } from './ansi-text.tsx';
import styles from './output.module.css';
import { tailOf } from './tail.ts';

/** How many lines of an output are shown unasked, and how many more each time that somebody asks. */
const FIRST = 8;
const MORE = 500;

export interface OutputViewProps {
  /** By what it is known whether it is unfolded. */
  readonly id: string;
  readonly output: string;
}

/** The end of what a command has written; more of it on demand, and never more than a page can hold. */
export function OutputView({ id, output }: OutputViewProps) {
  const [steps, unfold] = useFold(`output/${id}`);
  if (output.trim() === '') return null;
  const { text, hidden } = tailOf(output, steps === 0 ? FIRST : steps * MORE);
  return (
    <div className={styles.output}>
      {(hidden > 0 || steps > 0) && (
        <div className={styles.bar}>
          {hidden > 0 && <span>{plural(hidden, 'line')} above left out</span>}
          {hidden > 0 && (
            <Button kind="quiet" onClick={() => unfold(steps + 1)}>
              Show {hidden > MORE ? `${MORE} more` : 'all'}
            </Button>
          )}
          {steps > 0 && (
            <Button kind="quiet" onClick={() => unfold(0)}>
              Show the end only
            </Button>
          )}
          <CopyButton text={output} label="Copy all" />
        </div>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard */}
      <pre tabIndex={0}>
        <AnsiText text={text} />
      </pre>
    </div>
  );
}
