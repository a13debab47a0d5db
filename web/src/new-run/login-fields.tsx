import { Link } from 'wouter';
import { Choice } from '../design/choice.tsx';
import { Field } from '../design/field.tsx';
import { Problem } from '../design/problem.tsx';
import { Suggest } from '../design/suggest.tsx';
import { useLoaded } from '../design/use-loaded.ts';
import { api } from '../live/api.ts';
import { inPools } from '../seeds/pools.ts';
import { planOf, standingOf } from '../seeds/seed-words.ts';
import type { Problems } from './draft.ts';
import styles from './new-run-page.module.css';
import type { DraftParts } from './use-draft.ts';

const LOGINS = [
  {
    value: 'environment',
    label: 'From the environment',
    means: 'The key or the login that is found where the server runs.',
  },
  { value: 'seed', label: 'A seed', means: 'A saved login, by its name.' },
  {
    value: 'pool',
    label: 'A pool',
    means: 'Any login of a pool: one that is healthy, has something left, and is used least.',
  },
] as const;

const WHEN_NONE = [
  { value: 'wait', label: 'Wait' },
  { value: 'refuse', label: 'Fail', means: 'It says when there may be one.' },
] as const;

/** What Codex uses OpenAI with. */
export function LoginFields({ draft, change, problems }: DraftParts & { readonly problems: Problems }) {
  const seeds = useLoaded('seeds', () => api.listSeeds());
  const pools = inPools(seeds.data ?? []).flatMap(({ name, seeds }) => (name === null ? [] : [{ name, seeds }]));
  const isSeed = draft.login === 'seed';
  const name = isSeed ? draft.seed.trim() : draft.pool.trim();
  const isThere = isSeed ? seeds.data?.some(({ id }) => id === name) : pools.some((pool) => pool.name === name);
  const items = isSeed
    ? (seeds.data ?? []).map((seed) => ({
        value: seed.id,
        note: `${planOf(seed)}, ${standingOf(seed).word.toLowerCase()}`,
      }))
    : pools.map((pool) => ({ value: pool.name, note: pool.seeds.map(({ id }) => id).join(', ') }));
  return (
    <>
      <Choice label="Login" options={LOGINS} value={draft.login} onChange={(login) => change({ login })} />
      {draft.login !== 'environment' && (
        <>
          <Problem error={seeds.problem} />
          <div className={styles.pair}>
            <Field
              label={isSeed ? 'Seed' : 'Pool'}
              hint={
                <>
                  {seeds.data && name !== '' && !isThere && `There is no ${isSeed ? 'seed' : 'pool'} of this name. `}
                  <Link href="/seeds">All saved logins</Link>
                </>
              }
              error={isSeed ? problems.seed : problems.pool}
            >
              {(parts) => (
                <Suggest
                  key={draft.login}
                  parts={parts}
                  value={isSeed ? draft.seed : draft.pool}
                  onChange={(value) => change(isSeed ? { seed: value } : { pool: value })}
                  items={items}
                  placeholder={isSeed ? 'work' : 'team'}
                />
              )}
            </Field>
            <Choice
              label="When none is free"
              options={WHEN_NONE}
              value={draft.whenNoSeed}
              onChange={(whenNoSeed) => change({ whenNoSeed })}
              error={problems.whenNoSeed}
            />
          </div>
        </>
      )}
    </>
  );
}
