import { useLocation } from 'wouter';
import type { RunSummary } from '../../../src/contract/run-summary.ts';
import type { Act } from '../design/more-menu.tsx';
import { OpenMoreMenu } from '../design/more-menu-open.tsx';
import { useVerbs } from './use-verbs.ts';

/** The whole of it, opened: see `RowMenu`. */
export function OpenRowMenu({ run, onFocus }: { readonly run: RunSummary; readonly onFocus: () => void }) {
  const [, navigate] = useLocation();
  const verbs = useVerbs({ run }, false).filter(({ hasOwnPlace }) => !hasOwnPlace);
  const { id, name, parentId } = run;
  const ways: Act[] = [{ label: 'Open', act: () => navigate(`/runs/${id}`) }];
  if (parentId !== null) ways.push({ label: 'Open what has begun it', act: () => navigate(`/runs/${parentId}`) });
  return <OpenMoreMenu label={`What to do with ${name}`} acts={[...ways, ...verbs]} onFocus={onFocus} />;
}
