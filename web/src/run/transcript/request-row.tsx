import { MessageCircleQuestion } from 'lucide-react';
import { useContext } from 'react';
import type { Request } from '../../../../src/contract/request.ts';
import { plural } from '../../design/in-words.ts';
import { outcomeInWords, saidWith, wasAllowed } from '../../requests/given-answer.ts';
import { RequestCard } from '../../requests/request-card.tsx';
import cards from './cards/card.module.css';
import { CardBody, CardHead } from './cards/card.tsx';
import { PlaceContext } from './folds.ts';
import { shortPath } from './place.ts';
import type { RowOf } from './row.ts';

/** What Codex asked: to be answered while it waits, and afterwards with what was answered, and by whom. It takes the focus of a card that goes. */
export function RequestRow({ row }: { readonly row: RowOf<'request'> }) {
  return (
    <div tabIndex={-1}>
      <Asked row={row} />
    </div>
  );
}

function Asked({ row }: { readonly row: RowOf<'request'> }) {
  const { runId, workspace } = useContext(PlaceContext);
  const { entry } = row;
  if (entry.state === 'open') return <RequestCard runId={runId} request={entry.request} />;
  const allowed = wasAllowed(entry);
  const { reason } = entry.request;
  return (
    <>
      <CardHead icon={<MessageCircleQuestion size={15} />} label="Request">
        {titleOf(entry.request, workspace)}{' '}
        <strong className={allowed === null ? undefined : allowed ? cards.good : cards.bad}>
          {outcomeInWords(entry)}
        </strong>
      </CardHead>
      <CardBody>
        {reason && <p className={cards.label}>Why: {reason}</p>}
        {saidWith(entry).map((said, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line is nothing but its place
          <p key={at} className={cards.label}>
            {said}
          </p>
        ))}
      </CardBody>
    </>
  );
}

function titleOf(request: Request, workspace: string | null) {
  switch (request.kind) {
    case 'command':
      return (
        <>
          Asked to run <code>{request.command}</code>.
        </>
      );
    case 'fileChange': {
      const [first, ...others] = request.changes.map(({ path }) => shortPath(path, workspace));
      if (request.grantRoot !== undefined) return `Asked to change whatever is below ${request.grantRoot}.`;
      if (first === undefined) return 'Asked to change files.';
      return `Asked to change ${others.length === 0 ? first : `${first} and ${plural(others.length, 'more file')}`}.`;
    }
    case 'permissions':
      return 'Asked for more permissions.';
    case 'mcpTool':
      return `Asked to call ${request.tool ?? 'a tool'} of ${request.server}.`;
    case 'question':
      return 'Asked a question.';
    case 'elicitation':
      return `${request.server} asked: ${request.message}`;
  }
}
