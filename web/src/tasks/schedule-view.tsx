import type { ScheduleStatus } from '../../../src/contract/schedule.ts';
import { Time } from '../design/time.tsx';
import { rulesInWords, scheduleInWords } from './schedule-words.ts';
import styles from './task-page.module.css';

/** When a task is launched by itself. */
export function ScheduleView({ status }: { readonly status: ScheduleStatus }) {
  const { schedule, next, lastFiredAt, lastSkippedAt, problem } = status;
  const words = scheduleInWords(schedule);
  const rules = rulesInWords(schedule);
  return (
    <dl className={styles.facts}>
      <dt>When</dt>
      <dd>
        {words} {!words.startsWith(schedule.cron) && <code className={styles.quiet}>{schedule.cron}</code>}
      </dd>
      {rules.length > 0 && (
        <>
          <dt>Besides</dt>
          <dd>{rules.join('; ')}</dd>
        </>
      )}
      <dt>Next</dt>
      <dd>
        {next.length === 0 && 'no time'}
        <ol>
          {next.map((at, index) => (
            <li key={at}>
              <Time at={at} isFull />
              {index === 0 && isElsewhere(schedule.timeZone) && <span className={styles.quiet}> by your clock</span>}
            </li>
          ))}
        </ol>
      </dd>
      <dt>Last</dt>
      <dd>{lastFiredAt ? <Time at={lastFiredAt} isFull /> : 'not yet'}</dd>
      {lastSkippedAt && (
        <>
          <dt>Skipped</dt>
          <dd>
            <Time at={lastSkippedAt} isFull />
          </dd>
        </>
      )}
      {problem && (
        <>
          <dt>Problem</dt>
          <dd className={styles.problem}>{problem}</dd>
        </>
      )}
    </dl>
  );
}

function isElsewhere(timeZone: string | undefined): boolean {
  return timeZone !== undefined && timeZone !== new Intl.DateTimeFormat().resolvedOptions().timeZone;
}
