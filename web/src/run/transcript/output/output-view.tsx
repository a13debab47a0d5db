import { Button } from '../../../design/button.tsx';
import { CopyButton } from '../../../design/copy-button.tsx';
import { counted } from '../../../design/figures.ts';
import { saveFile } from '../../../files/save-file.ts';
import { useFold } from '../folds.ts';
import { AnsiText } from './ansi-text.tsx';
import { bytesLost } from './kept.ts';
import styles from './output.module.css';
import { ALL, FIRST, MORE } from './steps.ts';
import { tailOf } from './tail.ts';
import { WholeOutput } from './whole-output.tsx';

export interface OutputViewProps {
  /** By what it is known whether it is unfolded. */
  readonly id: string;
  readonly output: string;
}

/** The end of what a command has written; more of it on demand, and never more than a page can hold. */
export function OutputView({ id, output }: OutputViewProps) {
  const [steps, unfold] = useFold(`output/${id}`);
  if (output.trim() === '') return null;
  const isAll = steps >= ALL;
  const { text, hidden } = tailOf(output, steps === 0 ? FIRST : isAll ? MORE : steps * MORE);
  const lost = bytesLost(output);
  const isCut = lost > 0;
  return (
    <div className={styles.output}>
      {isCut && (
        <p className={styles.lost}>
          {counted(lost, 'byte')} in the middle were not kept: Codex keeps 1 MiB of what a command writes.
        </p>
      )}
      {(hidden > 0 || steps > 0) && (
        <div className={styles.bar}>
          {hidden > 0 && !isAll && <span>{counted(hidden, isCut ? 'kept line' : 'line')} above left out</span>}
          {hidden > MORE && !isAll && (
            <Button kind="quiet" onClick={() => unfold(steps + 1)}>
              Show {MORE} more
            </Button>
          )}
          {hidden > 0 && !isAll && (
            <Button kind="quiet" onClick={() => unfold(ALL)}>
              Show all
            </Button>
          )}
          {steps > 0 && (
            <Button kind="quiet" onClick={() => unfold(0)}>
              Show the end only
            </Button>
          )}
          <CopyButton text={output} label={isCut ? 'Copy what was kept' : 'Copy all'} />
          <Button kind="quiet" onClick={() => saveFile('output.txt', new TextEncoder().encode(output))}>
            Download
          </Button>
        </div>
      )}
      {isAll && hidden > 0 ? (
        <WholeOutput id={id} output={output} />
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
        <pre tabIndex={0}>
          <AnsiText text={text} />
        </pre>
      )}
    </div>
  );
}
