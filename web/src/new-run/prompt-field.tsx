import { Menu } from '@base-ui/react/menu';
import { History, Workflow } from 'lucide-react';
import { type KeyboardEvent, useState } from 'react';
import type { TaskSummary } from '../../../src/contract/task-definition.ts';
import { Field } from '../design/field.tsx';
import { earlierPrompts } from './history.ts';
import styles from './prompt-field.module.css';
import type { DraftParts } from './use-draft.ts';

export interface PromptFieldProps extends DraftParts {
  readonly error: string | undefined;
  readonly tasks: readonly TaskSummary[];
  readonly onTemplate: (taskId: string) => void;
}

/** What Codex is to do: typed, or taken from an earlier prompt or from a task. */
export function PromptField({ draft, change, error, tasks, onTemplate }: PromptFieldProps) {
  const [prompts] = useState(earlierPrompts);
  const [back, setBack] = useState(-1);
  const recall = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowUp' ? 1 : event.key === 'ArrowDown' ? -1 : 0;
    // Arrows move in a text that somebody has typed; they leaf through earlier ones as long as it is one of these.
    const isLeafing = draft.prompt === '' || draft.prompt === prompts[back];
    const next = back + step;
    if (step === 0 || !isLeafing || next < -1 || next >= prompts.length) return;
    event.preventDefault();
    setBack(next);
    change({ prompt: prompts[next] ?? '' });
  };
  return (
    <div className={styles.prompt}>
      <Field label="What should Codex do?" error={error}>
        {(parts) => (
          <textarea
            {...parts}
            // biome-ignore lint/a11y/noAutofocus: the screen is for this one field
            autoFocus
            rows={6}
            dir="auto"
            value={draft.prompt}
            placeholder="Find out why the tests fail, and mend it."
            onChange={(event) => change({ prompt: event.target.value })}
            onKeyDown={recall}
          />
        )}
      </Field>
      <div className={styles.from}>
        {prompts.length > 0 && (
          <Pick
            icon={<History size={14} aria-hidden />}
            label="Earlier prompts"
            items={prompts.slice(0, 15).map((text) => ({ key: text, text }))}
            onPick={(prompt) => change({ prompt })}
          />
        )}
        {tasks.length > 0 && (
          <Pick
            icon={<Workflow size={14} aria-hidden />}
            label="From a task"
            items={tasks.map(({ id, name }) => ({ key: id, text: name }))}
            onPick={onTemplate}
          />
        )}
      </div>
    </div>
  );
}

interface PickProps {
  readonly icon: React.ReactNode;
  readonly label: string;
  readonly items: readonly { readonly key: string; readonly text: string }[];
  readonly onPick: (key: string) => void;
}

function Pick({ icon, label, items, onPick }: PickProps) {
  return (
    <Menu.Root>
      <Menu.Trigger className={styles.trigger}>
        {icon}
        {label}
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner className={styles.positioner} sideOffset={4} align="start">
          <Menu.Popup className={styles.popup}>
            {items.map(({ key, text }) => (
              <Menu.Item key={key} className={styles.item} onClick={() => onPick(key)}>
                {text}
              </Menu.Item>
            ))}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
