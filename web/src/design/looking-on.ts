import { useEffect } from 'react';
import { includesRole } from '../../../src/contract/role.ts';
import { api, feed } from '../live/api.ts';
import { Store, useStore } from '../live/store.ts';

/** What stands in the place of what a viewer may not do. */
export const LOOK_ONLY = 'Your role, viewer, may look only';

/** Whether the caller is known to be a viewer: what the server would refuse is then not offered. */
const looksOn = new Store(false);

export function useLooksOn(): boolean {
  return useStore(looksOn);
}

/** Learns the role of the caller whenever a connection has been made: it may be another one then. */
export function useLearnRole(): void {
  const status = useStore(feed.status);
  useEffect(() => {
    if (status !== 'live') return;
    let isWanted = true;
    api.server().then(
      ({ caller }) => isWanted && looksOn.set(!includesRole(caller.role, 'operator')),
      () => {}, // then the server refuses what one may not
    );
    return () => {
      isWanted = false;
    };
  }, [status]);
}
