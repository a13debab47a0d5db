import { useState } from 'react';
import { fromUnknown } from '../../../src/errors.ts';
import { AskFirst } from '../design/ask-first.tsx';
import { toasts } from '../design/toast.ts';
import { api, feed } from '../live/api.ts';
import { useStore } from '../live/store.ts';
import { usersInWords } from './seed-words.ts';
import type { SeedQuestionProps } from './undo-seed.tsx';

/** Asks before a seed is removed, and once more where the server says that somebody uses it. */
export function RemoveSeed({ seed, onClose, onChange }: SeedQuestionProps) {
  const { id, kind } = seed;
  const [isRefused, setRefused] = useState(false);
  const { runs } = useStore(feed.list);
  const users = usersInWords(seed, (run) => runs.get(run)?.name ?? run);
  return (
    <AskFirst
      onClose={onClose}
      title={`Remove “${id}”?`}
      verb={isRefused ? 'Remove it all the same' : 'Remove'}
      verbWhile="Removing …"
      act={async () => {
        try {
          await api.removeSeed(id, { force: isRefused });
        } catch (thrown) {
          if (fromUnknown(thrown).code === 'seed-unavailable') setRefused(true);
          throw thrown;
        }
        onChange();
        toasts.done(`“${id}” is removed`);
      }}
    >
      {users !== null && (
        <p>
          <strong>It is used by {users}.</strong>{' '}
          {isRefused && 'What is renewed of it there can then be saved no more.'}
        </p>
      )}
      {isRefused && users === null && (
        <p>
          <strong>Somebody uses it.</strong> What is renewed of it there can then be saved no more.
        </p>
      )}
      <p>
        {kind === 'apiKey' ? 'The key' : 'The login'} is removed with all its versions. Runs that ask for it by its name
        will not begin.
      </p>
    </AskFirst>
  );
}
