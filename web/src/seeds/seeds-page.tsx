import { Plus } from 'lucide-react';
import { useState } from 'react';
import type { SeedLogin } from '../../../src/contract/seed-login.ts';
import { Button } from '../design/button.tsx';
import { useCaller } from '../design/caller.ts';
import { Problem } from '../design/problem.tsx';
import { useLoaded } from '../design/use-loaded.ts';
import { useCommands } from '../frame/commands.ts';
import { useTitle } from '../frame/title.ts';
import { api } from '../live/api.ts';
import { useWhileSeen } from '../live/use-while-seen.ts';
import { AddLogin } from './add-login.tsx';
import { LoginAgain } from './login-again.tsx';
import { LoginProgress } from './login-progress.tsx';
import { loginsToTell } from './logins.ts';
import { NewKey } from './new-key.tsx';
import { NoSeeds } from './no-seeds.tsx';
import { OpenLogins } from './open-logins.tsx';
import { PoolView } from './pool-view.tsx';
import { inPools } from './pools.ts';
import { RemoveSeed } from './remove-seed.tsx';
import { type SeedAct, type SeedQuestion, seedActs } from './seed-acts.ts';
import { SeedSettings } from './seed-settings.tsx';
import styles from './seeds-page.module.css';
import { UndoSeed } from './undo-seed.tsx';

/** How often it looks again while one looks at it, in milliseconds. */
const REFRESH_MS = 4_000;

type Shown = SeedQuestion | { readonly kind: 'add' } | { readonly kind: 'login'; readonly login: SeedLogin };

/** The saved logins: how they are, who uses them, and how one adds another. */
export function SeedsPage() {
  useTitle('Seeds');
  const { isAdmin, server } = useCaller();
  const seeds = useLoaded('seeds', () => api.listSeeds());
  // The code of a login lets in whoever enters it first, so that it is told to admins only.
  const logins = useLoaded(isAdmin ? 'logins' : null, () => api.seedLogins());
  const [shown, setShown] = useState<Shown | null>(null);
  const [putAway, setPutAway] = useState<ReadonlySet<string>>(new Set());
  const reload = () => {
    seeds.reload();
    logins.reload();
  };
  useWhileSeen(() => {
    if (!seeds.isLoading) seeds.reload();
    if (isAdmin && !logins.isLoading) logins.reload();
  }, REFRESH_MS);
  const add = () => setShown({ kind: 'add' });
  const actsOf = (seed: SeedQuestion['seed']): SeedAct[] =>
    isAdmin ? seedActs(seed, { ask: setShown, onChange: reload }) : [];
  const all = seeds.data ?? [];
  useCommands('Seeds', [
    ...(isAdmin ? [{ id: 'add', label: 'Add a login …', keys: 'a', words: 'new seed key', act: add }] : []),
    ...all.flatMap((seed) =>
      actsOf(seed).map(({ label, act }) => ({ id: `${seed.id}: ${label}`, label: `${seed.id}: ${label}`, act })),
    ),
  ]);
  const close = () => setShown(null);
  const putOneAway = ({ id }: SeedLogin) => setPutAway((before) => new Set([...before, id]));
  const started = (login: SeedLogin) => {
    setShown({ kind: 'login', login });
    reload();
  };
  const machine = server.data?.machine.name;
  return (
    <div className={styles.page}>
      <header className={styles.header}>
        <h1>Seeds</h1>
        {isAdmin && (
          <Button onClick={add} kind={all.length === 0 ? 'plain' : 'main'}>
            <Plus size={15} aria-hidden /> Add a login
          </Button>
        )}
      </header>
      <Problem error={seeds.problem ?? logins.problem ?? server.problem} />
      <OpenLogins
        logins={loginsToTell(logins.data ?? [], putAway)}
        onOpen={(login) => setShown({ kind: 'login', login })}
        onPutAway={putOneAway}
        onChange={reload}
      />
      {seeds.data?.length === 0 && <NoSeeds isAdmin={isAdmin} onAdd={add} />}
      {inPools(all).map((pool) => (
        <PoolView key={pool.name ?? ''} pool={pool} isOnly={all.every((seed) => seed.pool === null)} actsOf={actsOf} />
      ))}
      {shown?.kind === 'add' && (
        <AddLogin
          seeds={all}
          machine={machine}
          onClose={close}
          onStarted={started}
          onSaved={() => {
            close();
            reload();
          }}
        />
      )}
      {shown?.kind === 'login' && (
        <LoginProgress
          key={shown.login.id}
          first={shown.login}
          isAgain={all.some(({ id, createdAt }) => id === shown.login.seed && createdAt < shown.login.startedAt)}
          onClose={close}
          onStarted={started}
          onPutAway={putOneAway}
          onChange={reload}
        />
      )}
      {shown?.kind === 'again' && (
        <LoginAgain seed={shown.seed} machine={machine} onClose={close} onStarted={started} />
      )}
      {shown?.kind === 'key' && <NewKey seed={shown.seed} onClose={close} onChange={reload} />}
      {shown?.kind === 'settings' && <SeedSettings seed={shown.seed} onClose={close} onChange={reload} />}
      {shown?.kind === 'undo' && <UndoSeed seed={shown.seed} onClose={close} onChange={reload} />}
      {shown?.kind === 'remove' && <RemoveSeed seed={shown.seed} onClose={close} onChange={reload} />}
    </div>
  );
}
