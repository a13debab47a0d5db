import { Check, Circle, CircleDot } from 'lucide-react';
import type { PlanStep } from '../../../../src/contract/event.ts';
import styles from './panel.module.css';

const STEPS: Readonly<Record<PlanStep['status'], { readonly word: string; readonly icon: typeof Check }>> = {
  completed: { word: 'done', icon: Check },
  inProgress: { word: 'under way', icon: CircleDot },
  pending: { word: 'to do', icon: Circle },
};

/** What the agent means to do, step by step. */
export function PlanPanel({ plan }: { readonly plan: readonly PlanStep[] }) {
  if (plan.length === 0)
    return <p className={styles.empty}>The agent has made no plan. Larger tasks mostly get one.</p>;
  const done = plan.filter(({ status }) => status === 'completed').length;
  return (
    <section className={styles.section}>
      <h2>
        {done} of {plan.length} done
      </h2>
      <ol className={styles.plan}>
        {plan.map(({ step, status }) => {
          const { word, icon: Icon } = STEPS[status];
          return (
            <li key={step} data-status={status} aria-current={status === 'inProgress' ? 'step' : undefined}>
              <Icon size={16} aria-label={word} />
              <span>{step}</span>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
