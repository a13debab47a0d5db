import { useState } from 'react';
import { Button } from '../design/button.tsx';
import { Choice } from '../design/choice.tsx';
import { chooseDiffLayout, diffLayout } from '../design/diff-layout.ts';
import { Problem } from '../design/problem.tsx';
import { setTheme, THEMES, theme } from '../design/theme.ts';
import { useAction } from '../design/use-action.ts';
import {
  type Notifying,
  notify,
  notifying,
  turnNotificationsOff,
  turnNotificationsOn,
} from '../frame/notifications.ts';
import { useStore } from '../live/store.ts';
import { VERBOSITIES, type Verbosity } from '../run/transcript/verbosity.ts';
import { chooseVerbosity, VERBOSITY_WORDS, verbosity } from '../run/transcript/verbosity-choice.ts';
import { Section } from './section.tsx';
import styles from './settings-page.module.css';

const THEME_LABELS = { system: 'As the system', light: 'Light', dark: 'Dark' } as const;

const LAYOUTS = [
  { value: 'unified', label: 'In one column' },
  { value: 'split', label: 'Side by side', means: 'Before and after, wherever there is room for both.' },
] as const;

const VERBOSITY_MEANS: Readonly<Record<Verbosity, string>> = {
  everything: 'All that happened, each command with its output.',
  folded: 'What was said, and between that one line for all that was done; it can be opened.',
  messages: 'What was said, and nothing of what was done.',
};

const NOTIFYING: Readonly<Record<Notifying, string>> = {
  on: 'This browser tells you of each request that comes while you look at something else.',
  off: 'While you look at something else, this browser can tell you of each request that waits for you.',
  denied: 'This browser has been told not to let the page notify you. Allow it in its settings for this address first.',
  unable: 'This browser cannot notify you here: it does so for addresses with https, and for this machine.',
};

/** What is kept in this browser, and holds for nobody else. */
export function BrowserSettings() {
  const chosen = useStore(theme);
  const amount = useStore(verbosity);
  const layout = useStore(diffLayout);
  const state = useStore(notifying);
  const [isTried, setTried] = useState(false);
  const turn = useAction(async () => {
    if (state === 'on') turnNotificationsOff();
    else await turnNotificationsOn();
  });
  const tryOut = useAction(async () => {
    notify('optio-codex', 'This is what a notification looks like.', 'test', () => {});
    setTried(true);
  });
  return (
    <Section title="This browser">
      <Choice
        label="Colours"
        options={THEMES.map((value) => ({ value, label: THEME_LABELS[value] }))}
        value={chosen}
        onChange={setTheme}
      />
      <Choice
        label="How much of a run is shown"
        options={VERBOSITIES.map((value) => ({ value, label: VERBOSITY_WORDS[value], means: VERBOSITY_MEANS[value] }))}
        value={amount}
        onChange={chooseVerbosity}
      />
      <Choice label="Changes" options={LAYOUTS} value={layout} onChange={chooseDiffLayout} />
      <div className={styles.setting}>
        <h3>Notifications</h3>
        <p className={styles.quiet} role="status">
          {NOTIFYING[state]}
        </p>
        {(state === 'on' || state === 'off') && (
          <div className={styles.buttons}>
            <Button onClick={() => void turn.begin()} disabled={turn.isBusy}>
              {turn.isBusy ? 'Asking …' : state === 'on' ? 'Turn off' : 'Turn on'}
            </Button>
            {state === 'on' && <Button onClick={() => void tryOut.begin()}>Show one</Button>}
          </div>
        )}
        {isTried && (
          <p className={styles.quiet} role="status">
            Sent. If you saw nothing, your system keeps notifications back.
          </p>
        )}
        <Problem error={turn.problem ?? tryOut.problem} />
      </div>
    </Section>
  );
}
