import { Choice } from '../design/choice.tsx';
import { Field } from '../design/field.tsx';
import { Problem } from '../design/problem.tsx';
import { Suggest } from '../design/suggest.tsx';
import { Tick } from '../design/tick.tsx';
import type { Problems } from './draft.ts';
import { useDirectories } from './use-directories.ts';
import type { DraftParts } from './use-draft.ts';

const KINDS = [
  { value: 'fresh', label: 'New directory', means: 'An empty directory for this run alone. It stays after the run.' },
  {
    value: 'directory',
    label: 'Directory',
    means: 'Codex works in a directory that is there, on the files themselves.',
  },
  {
    value: 'worktree',
    label: 'Git worktree',
    means: 'A copy of a repository’s last commit. What was done ends up as a commit on a branch of its own.',
  },
] as const;

/** Where Codex works. */
export function WorkspaceFields({ draft, change, problems }: DraftParts & { readonly problems: Problems }) {
  const { directories, problem } = useDirectories(draft.workspace === 'fresh' ? null : draft.directory);
  return (
    <>
      <Choice
        label="Workspace"
        options={KINDS}
        value={draft.workspace}
        onChange={(workspace) => change({ workspace })}
      />
      {draft.workspace !== 'fresh' && (
        <Field
          label={draft.workspace === 'worktree' ? 'Repository' : 'Directory'}
          hint="The whole path, on the machine of the server."
          error={problems.directory}
        >
          {(parts) => (
            <Suggest
              parts={parts}
              value={draft.directory}
              onChange={(directory) => change({ directory })}
              items={directories}
              isFiltered
              isCompleted
              placeholder="/home/me/project"
            />
          )}
        </Field>
      )}
      <Problem error={problem} />
      {draft.workspace === 'directory' && (
        <Tick isOn={draft.isShared} onChange={(isShared) => change({ isShared })}>
          Begin although another run works there too
        </Tick>
      )}
    </>
  );
}
