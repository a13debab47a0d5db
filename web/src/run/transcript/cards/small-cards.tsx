import { Braces, Brain, FoldVertical, Globe, Users } from 'lucide-react';
import { useFold } from '../folds.ts';
import { Markdown } from '../markdown/markdown.tsx';
import { CardBody, CardHead } from './card.tsx';
import type { CardProps } from './command-card.tsx';
import { Data } from './data.tsx';
import { teamworkOf } from './teamwork.ts';

/** What the model has thought: its first line, and the rest on demand. */
export function ReasoningCard({ item, isOpen }: CardProps<'reasoning'>) {
  const [steps, unfold] = useFold(`reasoning/${item.id}`);
  const text = (item.summary.length > 0 ? item.summary : item.content).join('\n\n').trim();
  if (text === '')
    return (
      <CardHead icon={<Brain size={15} />} label="Reasoning">
        Thinking …
      </CardHead>
    );
  const first = (text.split('\n', 1)[0] ?? '').replace(/\*\*/g, '');
  const hasMore = text.includes('\n') || first.length > 160;
  return (
    <>
      <CardHead
        icon={<Brain size={15} />}
        label="Reasoning"
        {...(hasMore && { onToggle: () => unfold(steps > 0 ? 0 : 1), isUnfolded: steps > 0 })}
      >
        {first.length > 160 ? `${first.slice(0, 160)} …` : first}
      </CardHead>
      {steps > 0 && (
        <CardBody>
          <Markdown text={text} isGrowing={isOpen} />
        </CardBody>
      )}
    </>
  );
}

export function WebSearchCard({ item }: CardProps<'webSearch'>) {
  return (
    <CardHead icon={<Globe size={15} />} label="Web search">
      {item.query === '' ? 'Search the web' : `Search the web for “${item.query}”`}
    </CardHead>
  );
}

export function CompactionCard() {
  return (
    <CardHead icon={<FoldVertical size={15} />} label="Compaction">
      Codex summed up what was said until here, to make room.
    </CardHead>
  );
}

/** What this version has no words for, as it came; or what an agent has told another. */
export function OtherCard({ item }: CardProps<'other'>) {
  const [steps, unfold] = useFold(`other/${item.id}`);
  const teamwork = teamworkOf(item);
  return (
    <>
      <CardHead
        icon={teamwork === null ? <Braces size={15} /> : <Users size={15} />}
        label="Something else"
        onToggle={() => unfold(steps > 0 ? 0 : 1)}
        isUnfolded={steps > 0}
      >
        {teamwork ?? item.type}
      </CardHead>
      {steps > 0 && (
        <CardBody>
          <Data label="As it came" data={item.raw} />
        </CardBody>
      )}
    </>
  );
}
