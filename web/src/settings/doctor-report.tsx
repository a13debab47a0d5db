import { CircleAlert, CircleCheck, CircleX } from 'lucide-react';
import { useState } from 'react';
import type { Check } from '../../../src/contract/doctor.ts';
import { Button } from '../design/button.tsx';
import { Problem } from '../design/problem.tsx';
import { useLoaded } from '../design/use-loaded.ts';
import { api } from '../live/api.ts';
import { Section } from './section.tsx';
import styles from './settings-page.module.css';

const MARKS = {
  ok: { icon: <CircleCheck size={16} aria-hidden />, word: 'Fine' },
  warning: { icon: <CircleAlert size={16} aria-hidden />, word: 'Could be better' },
  failed: { icon: <CircleX size={16} aria-hidden />, word: 'Does not work' },
} as const;

/** What works on the machine of the server. It is looked at when somebody asks: that starts Codex, and takes some seconds. */
export function DoctorReport() {
  const [isAsked, setAsked] = useState(false);
  const checks = useLoaded(isAsked ? 'doctor' : null, () => api.doctor());
  const bad = checks.data?.filter(({ status }) => status !== 'ok').length ?? 0;
  return (
    <Section title="The machine">
      <div className={styles.buttons}>
        <Button onClick={() => (isAsked ? checks.reload() : setAsked(true))} disabled={isAsked && checks.isLoading}>
          {isAsked && checks.isLoading ? 'Looking …' : isAsked ? 'Look again' : 'Look whether all works'}
        </Button>
        <span className={styles.quiet} role="status">
          {checks.data &&
            !checks.isLoading &&
            (bad === 0 ? 'All is fine.' : `${bad} of ${checks.data.length} need a look.`)}
        </span>
      </div>
      <Problem error={checks.problem} />
      {checks.data && (
        <ul className={styles.checks}>
          {inOrder(checks.data).map((check) => (
            <li key={check.name} data-status={check.status}>
              <span className={styles.mark} title={MARKS[check.status].word}>
                {MARKS[check.status].icon}
                <span className="visually-hidden">{MARKS[check.status].word}: </span>
              </span>
              <div>
                <p>
                  <strong>{check.name}</strong> {check.detail}
                </p>
                {check.remedy && <p className={styles.remedy}>{check.remedy}</p>}
              </div>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

/** The worst first. */
function inOrder(checks: readonly Check[]): Check[] {
  const order = ['failed', 'warning', 'ok'];
  return checks.toSorted((a, b) => order.indexOf(a.status) - order.indexOf(b.status));
}
