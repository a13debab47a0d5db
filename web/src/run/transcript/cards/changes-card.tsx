import { FilePen } from 'lucide-react';
import { useContext } from 'react';
import { DiffView } from '../../../design/diff-view.tsx';
import { exact } from '../../../design/exact.ts';
import { plural } from '../../../design/in-words.ts';
import { PlaceContext, useFold } from '../folds.ts';
import { shortPath } from '../place.ts';
import { CardBody, CardHead } from './card.tsx';
import type { CardProps } from './command-card.tsx';
import { Status } from './status.tsx';

/** More files than this are shown only when somebody asks. */
const MAX_FILES = 5;
/** So are changes that are longer than this, in characters. */
const MAX_DIFF = 12_000;

/** Files that Codex has changed: each with its diff. */
export function ChangesCard({ item, isOpen, isAsked = false }: CardProps<'fileChange'>) {
  const { id, changes, status } = item;
  const { workspace } = useContext(PlaceContext);
  const isSmall = changes.length <= MAX_FILES && changes.reduce((sum, { diff }) => sum + diff.length, 0) <= MAX_DIFF;
  const [steps, unfold] = useFold(`changes/${id}`, isSmall ? 1 : 0);
  const names = changes.map(({ path }) => shortPath(path, workspace));
  return (
    <>
      <CardHead
        icon={<FilePen size={15} />}
        label="Change of files"
        side={<Status status={status} isLost={!isOpen} isAsked={isAsked} />}
        onToggle={() => unfold(steps > 0 ? 0 : 1)}
        isUnfolded={steps > 0}
      >
        {changes.length === 1 ? `Edit ${exact(names[0] ?? '')}` : `Edit ${plural(changes.length, 'file')}`}
      </CardHead>
      {steps > 0 && (
        <CardBody>
          {changes.map(({ path, kind, diff, movedTo }, at) => (
            <DiffView
              // biome-ignore lint/suspicious/noArrayIndexKey: the same file may be changed twice in one go
              key={at}
              path={names[at] ?? path}
              kind={kind}
              diff={diff}
              isContent={kind === 'add' || kind === 'delete'}
              movedTo={movedTo === undefined ? undefined : shortPath(movedTo, workspace)}
            />
          ))}
        </CardBody>
      )}
    </>
  );
}
