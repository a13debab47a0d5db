import { useState } from 'react';
import type { SeedSummary } from '../../../src/contract/seed.ts';
import { AskFirst } from '../design/ask-first.tsx';
import { Choice } from '../design/choice.tsx';
import { toasts } from '../design/toast.ts';
import { api } from '../live/api.ts';
import { earlierVersions } from './seed-words.ts';
import styles from './undo-seed.module.css';

export interface SeedQuestionProps {
  readonly seed: SeedSummary;
  readonly onClose: () => void;
  readonly onChange: () => void;
}

/** Asks to which earlier content of a seed one wants to go back. */
export function UndoSeed({ seed, onClose, onChange }: SeedQuestionProps) {
  const { id, version } = seed;
  const versions = earlierVersions(seed).map(String);
  const [to, setTo] = useState(versions[0] ?? '');
  return (
    <AskFirst
      onClose={onClose}
      title={`Go back to an earlier version of “${id}”?`}
      verb="Go back"
      verbWhile="Going back …"
      isHarmless
      act={async () => {
        const now = await api.undoSeed(id, { to: Number(to) });
        onChange();
        toasts.done(`“${id}” holds what it held as version ${to}`, { detail: `That is version ${now.version} now.` });
      }}
    >
      <p>
        It becomes a new version, so that this can be undone as well; the one there is now is {version}. A refresh token
        that was used since then is not good any more, whatever one goes back to.
      </p>
      <div className={styles.which}>
        <Choice
          label="Which"
          options={versions.map((value) => ({ value, label: `Version ${value}` }))}
          value={to}
          onChange={setTo}
        />
      </div>
    </AskFirst>
  );
}
