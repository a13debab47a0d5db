import { Bot, Info, Layers } from 'lucide-react';
import { plural } from '../../design/in-words.ts';
import cards from './cards/card.module.css';
import { CardHead } from './cards/card.tsx';
import { useFold } from './folds.ts';
import { openingInWords } from './opening.ts';
import type { RowOf } from './row.ts';
import { workInWords } from './work.ts';

/** Work that is folded into one line; what it was stands below it once it is unfolded. */
export function WorkRow({ row }: { readonly row: RowOf<'work'> }) {
  const [steps, unfold] = useFold(row.key);
  const { now, done } = workInWords(row.items);
  return (
    <CardHead
      icon={<Layers size={15} />}
      label="Work"
      onToggle={() => unfold(steps > 0 ? 0 : 1)}
      isUnfolded={steps > 0}
      side={now !== null && <span className={cards.running}>running …</span>}
    >
      {now ?? done}
    </CardHead>
  );
}

/** What was told before the first message; it stands below once it is unfolded. */
export function OpeningRow({ row }: { readonly row: RowOf<'opening'> }) {
  const [steps, unfold] = useFold(row.key);
  return (
    <CardHead
      icon={<Info size={15} />}
      label="Notices"
      onToggle={() => unfold(steps > 0 ? 0 : 1)}
      isUnfolded={steps > 0}
    >
      {openingInWords(row.marks)}
    </CardHead>
  );
}

/** A sub-agent's turn, folded; its rows stand below it once it is unfolded. */
export function AgentRow({ row }: { readonly row: RowOf<'agent'> }) {
  const [steps, unfold] = useFold(row.key);
  const { turn, prompt } = row;
  const about = prompt === null ? '' : `: ${prompt.replace(/\s+/g, ' ').slice(0, 200)}`;
  return (
    <CardHead
      icon={<Bot size={15} />}
      label="Sub-agent"
      onToggle={() => unfold(steps > 0 ? 0 : 1)}
      isUnfolded={steps > 0}
      side={
        <>
          <span>{plural(turn.itemOrder.length, 'entry', 'entries')}</span>
          {turn.status === 'running' && <span className={cards.running}>running …</span>}
          {turn.status !== 'running' && turn.status !== 'completed' && <span className={cards.bad}>{turn.status}</span>}
        </>
      }
    >
      <strong>Sub-agent</strong>
      {about}
    </CardHead>
  );
}
