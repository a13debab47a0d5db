import { Menu } from '@base-ui/react/menu';
import { useLocation } from 'wouter';
import type { RunSummary } from '../../../src/contract/run-summary.ts';
import { type Act, ActMenu } from '../design/act-menu.tsx';
import { MoreButton } from '../design/more-button.tsx';
import { useVerbs } from './use-verbs.ts';

/** The whole of it, opened: see `RowMenu`. */
export function OpenRowMenu({ run, onFocus }: { readonly run: RunSummary; readonly onFocus: () => void }) {
  const [, navigate] = useLocation();
  const verbs = useVerbs({ run }, false).filter(({ hasOwnPlace }) => !hasOwnPlace);
  const { id, name, parentId } = run;
  const ways: Act[] = [{ label: 'Open', act: () => navigate(`/runs/${id}`) }];
  if (parentId !== null) ways.push({ label: 'Open what has begun it', act: () => navigate(`/runs/${parentId}`) });
  return (
    <Menu.Root defaultOpen modal={false}>
      <Menu.Trigger render={<MoreButton aria-label={`What to do with ${name}`} onFocus={onFocus} />} />
      <ActMenu acts={[...ways, ...verbs]} />
    </Menu.Root>
  );
}
