import { useState } from 'react';
import { CopyButton } from '../../design/copy-button.tsx';
import { full, timeOfDay } from '../../design/moment.ts';
import { feed } from '../../live/api.ts';
import { type LogLevel, linesShown, logAsText } from '../../live/log.ts';
import { useStore } from '../../live/store.ts';
import styles from './log-panel.module.css';
import panel from './panel.module.css';

const LEVELS: readonly { readonly level: LogLevel; readonly label: string }[] = [
  { level: 'info', label: 'Info' },
  { level: 'progress', label: 'Progress' },
  { level: 'warning', label: 'Warnings' },
  { level: 'error', label: 'Errors' },
];

/** What a run, and what works on it, has told people beside what Codex did: its states, notices and progress. */
export function LogPanel() {
  useStore(feed.log.told);
  const { lines } = feed.log;
  const [levels, setLevels] = useState<readonly LogLevel[]>([]);
  const [search, setSearch] = useState('');
  const shown = linesShown(lines, levels, search);
  const turn = (level: LogLevel) =>
    setLevels(levels.includes(level) ? levels.filter((one) => one !== level) : [...levels, level]);
  return (
    <section className={panel.section} aria-label="Log">
      <div className={styles.bar}>
        <input
          type="search"
          aria-label="Search the log"
          placeholder="Search"
          value={search}
          onChange={({ target }) => setSearch(target.value)}
        />
        {LEVELS.map(({ level, label }) => {
          const count = lines.filter((line) => line.level === level).length;
          return (
            <button
              key={level}
              type="button"
              className={styles.level}
              aria-pressed={levels.includes(level)}
              data-level={level}
              disabled={count === 0}
              onClick={() => turn(level)}
            >
              {label} {count}
            </button>
          );
        })}
        {shown.length > 0 && <CopyButton text={logAsText(shown)} />}
      </div>
      {shown.length === 0 && (
        <p className={panel.empty}>{lines.length === 0 ? 'Nothing was told yet.' : 'No line is like that.'}</p>
      )}
      <ol className={styles.lines}>
        {shown.map(({ seq, at, level, text, remedy }) => (
          <li key={seq} data-level={level}>
            <time dateTime={at} title={full(at)}>
              {timeOfDay(at, true)}
            </time>
            <span className={styles.text}>
              {level !== 'info' && <span className="visually-hidden">{level}: </span>}
              {text}
              {remedy !== null && <span className={styles.remedy}>{remedy}</span>}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
