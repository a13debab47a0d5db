import { LoaderCircle } from 'lucide-react';
import { memo, type ReactNode } from 'react';
import { CardHead } from './cards/card.tsx';
import { ChangesCard } from './cards/changes-card.tsx';
import { CommandCard } from './cards/command-card.tsx';
import { ImageCard } from './cards/image-card.tsx';
import { PlanCard } from './cards/plan-card.tsx';
import { CompactionCard, OtherCard, ReasoningCard, WebSearchCard } from './cards/small-cards.tsx';
import { ToolCard } from './cards/tool-card.tsx';
import { EndRow } from './end-row.tsx';
import { AgentRow, OpeningRow, WorkRow } from './fold-rows.tsx';
import { MarkRow } from './mark-row.tsx';
import { RequestRow } from './request-row.tsx';
import type { ItemRow, Row } from './row.ts';
import { RowBoundary } from './row-boundary.tsx';
import { RowShell } from './row-shell.tsx';
import { AgentMessage, PendingMessage, PlanText, UserMessage } from './said-rows.tsx';
import { TurnEndRow } from './turn-end-row.tsx';

/** One row, drawn anew only when it is another object, which it is once anything of it has changed. */
export const RowView = memo(function RowView({ row }: { readonly row: Row }) {
  return (
    <RowShell row={row} label={labelOf(row)}>
      <RowBoundary row={row}>{contentOf(row)}</RowBoundary>
    </RowShell>
  );
});

function contentOf(row: Row): ReactNode {
  switch (row.kind) {
    case 'item':
      return itemOf(row);
    case 'request':
      return <RequestRow row={row} />;
    case 'mark':
      return <MarkRow row={row} />;
    case 'opening':
      return <OpeningRow row={row} />;
    case 'plan':
      return <PlanCard plan={row.plan} />;
    case 'agent':
      return <AgentRow row={row} />;
    case 'work':
      return <WorkRow row={row} />;
    case 'turnEnd':
      return <TurnEndRow row={row} />;
    case 'retrying':
      return (
        <CardHead icon={<LoaderCircle size={15} />} label="Trying again">
          {row.message}
        </CardHead>
      );
    case 'pending':
      return <PendingMessage row={row} />;
    case 'end':
      return <EndRow row={row} />;
  }
}

function itemOf({ item, isOpen, isSteered, isAsked }: ItemRow): ReactNode {
  switch (item.kind) {
    case 'userMessage':
      return <UserMessage item={item} isOpen={isOpen} isSteered={isSteered} />;
    case 'agentMessage':
      return <AgentMessage item={item} isOpen={isOpen} />;
    case 'reasoning':
      return <ReasoningCard item={item} isOpen={isOpen} />;
    case 'command':
      return <CommandCard item={item} isOpen={isOpen} isAsked={isAsked} />;
    case 'fileChange':
      return <ChangesCard item={item} isOpen={isOpen} isAsked={isAsked} />;
    case 'toolCall':
      return <ToolCard item={item} isOpen={isOpen} isAsked={isAsked} />;
    case 'webSearch':
      return <WebSearchCard item={item} isOpen={isOpen} />;
    case 'plan':
      return <PlanText item={item} isOpen={isOpen} />;
    case 'imageView':
      return <ImageCard path={item.path} />;
    case 'compaction':
      return <CompactionCard />;
    case 'other':
      return <OtherCard item={item} isOpen={isOpen} />;
  }
}

function labelOf(row: Row): string {
  if (row.kind !== 'item') return LABELS[row.kind];
  if (row.item.kind === 'userMessage') return 'Message to Codex';
  return row.item.kind === 'agentMessage' ? 'Codex' : 'Work';
}

const LABELS: Readonly<Record<Exclude<Row['kind'], 'item'>, string>> = {
  request: 'Request',
  mark: 'Notice',
  opening: 'Notices',
  plan: 'Plan',
  agent: 'Sub-agent',
  work: 'Work',
  turnEnd: 'End of the turn',
  retrying: 'Trying again',
  pending: 'Message that is on its way',
  end: 'End of the run',
};
