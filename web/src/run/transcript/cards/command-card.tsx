import { SquareTerminal } from 'lucide-react';
import { useContext } from 'react';
import type { Item } from '../../../../../src/contract/item.ts';
import { exact } from '../../../design/exact.ts';
import { PlaceContext, useFold } from '../folds.ts';
import { OutputView } from '../output/output-view.tsx';
import { shortPath } from '../place.ts';
import styles from './card.module.css';
import { CardBody, CardHead } from './card.tsx';
import { Status } from './status.tsx';

/** How many lines of a command are shown unasked. */
const MAX_LINES = 4;

export interface CardProps<K extends Item['kind']> {
  readonly item: Extract<Item, { readonly kind: K }>;
  /** More of it may come. */
  readonly isOpen: boolean;
  /** Somebody was asked about it, and has not answered. */
  readonly isAsked?: boolean;
}

/** A command: what was run, where, what it wrote and how it ended. */
export function CommandCard({ item, isOpen, isAsked = false }: CardProps<'command'>) {
  const { id, command, cwd, output, status, exitCode, durationMs } = item;
  const { workspace } = useContext(PlaceContext);
  const [steps, unfold] = useFold(`command/${id}`);
  const lines = command.split('\n');
  const isLong = lines.length > MAX_LINES || command.length > 400;
  const where = shortPath(cwd, workspace);
  const shown = steps > 0 || !isLong ? command : lines.slice(0, MAX_LINES).join('\n').slice(0, 400);
  return (
    <>
      <CardHead
        icon={<SquareTerminal size={15} />}
        label="Command"
        side={<Status status={status} exitCode={exitCode} durationMs={durationMs} isLost={!isOpen} isAsked={isAsked} />}
        {...(isLong && { onToggle: () => unfold(steps > 0 ? 0 : 1), isUnfolded: steps > 0 })}
      >
        <code className={styles.script}>
          {exact(shown)}
          {shown.length < command.length && ' …'}
        </code>
        {where !== '.' && <span className={styles.label}> in {where}</span>}
      </CardHead>
      <CardBody>
        <OutputView id={id} output={output} />
      </CardBody>
    </>
  );
}
