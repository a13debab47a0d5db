import { Link, useLocation } from 'wouter';
import { Button } from '../../design/button.tsx';
import { CopyButton } from '../../design/copy-button.tsx';
import { Problem } from '../../design/problem.tsx';
import { useAction } from '../../design/use-action.ts';
import { api } from '../../live/api.ts';
import styles from './composer.module.css';
import { saidIn } from './queue.ts';
import type { QueueState } from './use-queue.ts';

/** What one can do with a run that is over, in the place of writing to it. */
export function EndedRun({
  runId,
  queue,
  draft,
}: {
  readonly runId: string;
  readonly queue: QueueState;
  readonly draft: string;
}) {
  const [, navigate] = useLocation();
  const retry = useAction(async () => {
    const again = await api.runOf(runId).retry();
    navigate(`/runs/${again.id}`);
  });
  const unsent = [...[...queue.queue, ...queue.outgoing].map(saidIn), draft].filter((text) => text.trim() !== '');
  return (
    <div className={styles.composer}>
      {unsent.length > 0 && (
        <section className={styles.unsent} aria-label="What was not sent">
          <p>This was not sent before the run ended:</p>
          {unsent.map((text, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two of them may say the same, and have nothing of their own to lose
            <p key={at} className={styles.unsentText}>
              {text}
            </p>
          ))}
          <div className={styles.unsentActions}>
            <CopyButton text={unsent.join('\n\n')} />
            {queue.outgoing.length > 0 && (
              <Button kind="quiet" onClick={queue.drop}>
                Throw it away
              </Button>
            )}
          </div>
        </section>
      )}
      {retry.problem && <Problem error={retry.problem} title="Not launched" />}
      <div className={styles.ended}>
        <p>This run is over.</p>
        <Button disabled={retry.isBusy} onClick={() => void retry.begin()}>
          {retry.isBusy ? 'Launching …' : 'Run it again'}
        </Button>
        <Link href={`/new?from=${encodeURIComponent(runId)}`}>The same again, changed</Link>
      </div>
    </div>
  );
}
