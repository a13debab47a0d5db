import type { UsageWindow } from '../../../src/contract/seed.ts';
import { full } from '../design/moment.ts';
import { Time } from '../design/time.tsx';
import { isOver, windowName } from './seed-words.ts';
import styles from './usage-bars.module.css';

/** How much of what a plan allows is used up, a bar for each window. */
export function UsageBars({ usage }: { readonly usage: readonly UsageWindow[] }) {
  return (
    <ul className={styles.bars} aria-label="Usage">
      {usage.map((window) => (
        <UsageBar key={`${window.label} ${window.minutes}`} window={window} />
      ))}
    </ul>
  );
}

function UsageBar({ window }: { readonly window: UsageWindow }) {
  const { usedPercent, resetsAt } = window;
  const isPast = isOver(window, Date.now());
  const percent = isPast ? 0 : Math.round(usedPercent);
  const name = windowName(window);
  return (
    <li className={styles.window}>
      <span className={styles.name}>{name}</span>
      <span
        className={styles.bar}
        role="img"
        aria-label={`${percent} % of ${name} used`}
        data-much={percent >= 85 || undefined}
      >
        <span style={{ width: `${Math.min(100, Math.max(0, percent))}%` }} />
      </span>
      <span className={styles.percent}>{percent} %</span>
      <span className={styles.anew}>
        {resetsAt === null ? null : isPast ? (
          <span title={`It has begun anew ${full(resetsAt)}; nobody has asked since`}>begun anew</span>
        ) : (
          <>
            anew <Time at={resetsAt} />
          </>
        )}
      </span>
    </li>
  );
}
