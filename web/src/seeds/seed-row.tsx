import type { SeedSummary } from '../../../src/contract/seed.ts';
import { reasonInWords } from '../../../src/contract/seed-reason.ts';
import { BusyButton } from '../design/busy-button.tsx';
import { briefly, full } from '../design/moment.ts';
import { MoreMenu } from '../design/more-menu.tsx';
import { Time } from '../design/time.tsx';
import type { SeedAct } from './seed-acts.ts';
import { SeedMark } from './seed-mark.tsx';
import styles from './seed-row.module.css';
import { SettingsLine } from './seed-settings.tsx';
import { SeedUsers } from './seed-users.tsx';
import { accountOf, MODE_WORDS, planOf, standingOf } from './seed-words.ts';
import { UsageBars } from './usage-bars.tsx';

export interface SeedRowProps {
  readonly seed: SeedSummary;
  /** What the caller may do with it; nothing for whoever may look only. */
  readonly acts: readonly SeedAct[];
}

/** One saved login: whose it is, how it stands, what is left of it, and who uses it. */
export function SeedRow({ seed, acts }: SeedRowProps) {
  const { id, usage, reason, since } = seed;
  const standing = standingOf(seed);
  const [first, ...others] = acts;
  return (
    <article className={styles.row} aria-label={id}>
      <div className={styles.what}>
        <h3>{id}</h3>
        <p>{accountOf(seed)}</p>
        {seed.kind === 'chatgpt' && <p className={styles.quiet}>{planOf(seed)}</p>}
        <p className={styles.quiet} title={`Changed last ${full(seed.updatedAt)}`}>
          Version {seed.version}
        </p>
      </div>
      <div className={styles.how}>
        <p>
          <SeedMark standing={standing} />
          {standing.kind !== 'spent' && (
            <span className={styles.quiet}>
              {' since '}
              <time dateTime={since} title={full(since)}>
                {briefly(new Date(since), new Date())}
              </time>
            </span>
          )}
        </p>
        {reason && <p>{sentence(reasonInWords(reason))}</p>}
        {usage.length > 0 && <UsageBars usage={usage} />}
      </div>
      <div className={styles.use}>
        <p>
          <SeedUsers seed={seed} />
        </p>
        <p className={styles.quiet}>{MODE_WORDS[seed.mode]}</p>
        <Tokens seed={seed} />
        <SettingsLine seed={seed} className={styles.quiet} />
      </div>
      {first && (
        <div className={styles.acts}>
          <BusyButton onAct={async () => first.act()} busy={first.busy} aria-label={`${first.label}: ${id}`}>
            {first.label}
          </BusyButton>
          <MoreMenu label={`More to do with ${id}`} acts={others} />
        </div>
      )}
    </article>
  );
}

/** The server tells reasons as parts of a sentence. */
function sentence(text: string): string {
  const capital = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(capital) ? capital : `${capital}.`;
}

/** How old its tokens are, and when they end. */
function Tokens({ seed: { refreshedAt, accessExpiresAt } }: Pick<SeedRowProps, 'seed'>) {
  if (refreshedAt === null) return null;
  const isPast = accessExpiresAt !== null && Date.parse(accessExpiresAt) <= Date.now();
  return (
    <p className={styles.quiet}>
      Tokens made <Time at={refreshedAt} />
      {accessExpiresAt !== null && (
        <>
          {isPast ? '; the access token has ended ' : '; the access token ends '}
          <Time at={accessExpiresAt} />
        </>
      )}
    </p>
  );
}
