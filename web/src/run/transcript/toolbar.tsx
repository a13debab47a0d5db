import { Download, Search } from 'lucide-react';
import { Button } from '../../design/button.tsx';
import { useCommands } from '../../frame/commands.ts';
import { base } from '../../live/api.ts';
import { useStore } from '../../live/store.ts';
import styles from './transcript.module.css';
import { VERBOSITIES, type Verbosity } from './verbosity.ts';
import { chooseVerbosity, VERBOSITY_WORDS, verbosity } from './verbosity-choice.ts';

const VERBOSITY_KEYS: Readonly<Record<Verbosity, string>> = { everything: 'v e', folded: 'v w', messages: 'v m' };

/** How much of the run is shown, what is looked for in it, and the whole of it as a file. */
export function Toolbar({ runId, onFind }: { readonly runId: string; readonly onFind: () => void }) {
  const chosen = useStore(verbosity);
  useCommands('Transcript', [
    { id: 'find', label: 'Find …', words: 'search', act: onFind },
    ...VERBOSITIES.filter((one) => one !== chosen).map((one) => ({
      id: one,
      label: `How much is shown: ${VERBOSITY_WORDS[one].toLowerCase()}`,
      words: 'verbosity',
      keys: VERBOSITY_KEYS[one],
      act: () => chooseVerbosity(one),
    })),
  ]);
  return (
    <div className={styles.toolbar} role="toolbar" aria-label="Transcript">
      <select
        aria-label="How much is shown"
        value={chosen}
        onChange={(event) => chooseVerbosity(event.target.value as Verbosity)}
      >
        {VERBOSITIES.map((one) => (
          <option key={one} value={one}>
            {VERBOSITY_WORDS[one]}
          </option>
        ))}
      </select>
      <Button kind="quiet" onClick={onFind} title="Find (Ctrl-F)">
        <Search size={14} aria-hidden="true" /> Find
      </Button>
      <span className={styles.exports}>
        <Download size={14} aria-hidden="true" />
        <Export runId={runId} format="md" name="Markdown" />
        <Export runId={runId} format="json" name="JSON" />
      </span>
    </div>
  );
}

interface ExportProps {
  readonly runId: string;
  readonly format: 'md' | 'json';
  readonly name: string;
}

function Export({ runId, format, name }: ExportProps) {
  const href = `${base}/api/runs/${encodeURIComponent(runId)}/export?format=${format}`;
  return (
    <a href={href} download={`${runId}.${format}`} aria-label={`Download the run as ${name}`}>
      {name}
    </a>
  );
}
