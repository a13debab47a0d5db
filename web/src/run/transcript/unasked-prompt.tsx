import { Problem } from '../../design/problem.tsx';
import { useLoaded } from '../../design/use-loaded.ts';
import { api } from '../../live/api.ts';
import { instructionsIn } from './never-begun.ts';
import row from './row.module.css';
import styles from './said.module.css';

/** What a run was to be asked that has ended before it was. */
export function UnaskedPrompt({ runId }: { readonly runId: string }) {
  const details = useLoaded(runId, async () => (await api.find(runId)).details());
  const text = instructionsIn(details.data?.definition);
  if (details.problem) return <Problem error={details.problem} title="What it was asked did not come" />;
  return text === null ? null : (
    <div className={row.row}>
      <article className={`${styles.mine} ${row.content}`} aria-label="What it was to do">
        <p className={styles.text}>{text}</p>
      </article>
    </div>
  );
}
