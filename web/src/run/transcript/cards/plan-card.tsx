import { Circle, CircleCheck, CircleDot, ListTodo } from 'lucide-react';
import type { ReactNode } from 'react';
import type { PlanStep } from '../../../../../src/contract/event.ts';
import type { TurnPlan } from '../../../live/run-record.ts';
import styles from './card.module.css';
import { CardBody, CardHead } from './card.tsx';

/** What Codex means to do, as a list to tick off. */
export function PlanCard({ plan }: { readonly plan: TurnPlan }) {
  const done = plan.steps.filter(({ status }) => status === 'completed').length;
  return (
    <>
      <CardHead icon={<ListTodo size={15} />} label="Plan" side={`${done} of ${plan.steps.length}`}>
        {plan.explanation ?? 'Plan'}
      </CardHead>
      <CardBody>
        <ul className={styles.plan}>
          {plan.steps.map(({ step, status }, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the same step may stand there twice
            <li key={at} data-status={status}>
              {ICONS[status]}
              <span>
                {step}
                <span className="visually-hidden"> ({WORDS[status]})</span>
              </span>
            </li>
          ))}
        </ul>
      </CardBody>
    </>
  );
}

const ICONS: Readonly<Record<PlanStep['status'], ReactNode>> = {
  pending: <Circle size={14} aria-hidden="true" />,
  inProgress: <CircleDot size={14} aria-hidden="true" />,
  completed: <CircleCheck size={14} aria-hidden="true" />,
};
const WORDS: Readonly<Record<PlanStep['status'], string>> = {
  pending: 'to do',
  inProgress: 'under way',
  completed: 'done',
};
