import { Fragment } from 'react';
import { Link } from 'wouter';
import type { SeedSummary } from '../../../src/contract/seed.ts';
import { holderOf } from '../../../src/contract/seed-holder.ts';
import { Time } from '../design/time.tsx';
import { feed } from '../live/api.ts';
import { useStore } from '../live/store.ts';

/** Who uses a seed now: the runs, else whoever holds its lease. */
export function SeedUsers({ seed }: { readonly seed: Pick<SeedSummary, 'runs' | 'lease' | 'lastLeasedAt'> }) {
  const { runs } = useStore(feed.list);
  if (seed.runs.length > 0)
    return (
      <>
        Used by{' '}
        {seed.runs.map((id, at) => (
          <Fragment key={id}>
            {at > 0 && ', '}
            <Link href={`/runs/${encodeURIComponent(id)}`}>{runs.get(id)?.name ?? id}</Link>
          </Fragment>
        ))}
      </>
    );
  const holder = holderOf(seed);
  if (holder !== null) return <>Used by {holder}</>;
  if (seed.lastLeasedAt === null) return <>Never used</>;
  return (
    <>
      Not in use; last <Time at={seed.lastLeasedAt} />
    </>
  );
}
