import { includesRole } from '../../../src/contract/role.ts';
import type { ServerInfo } from '../../../src/contract/server-info.ts';
import { api } from '../live/api.ts';
import { type Loaded, useLoaded } from './use-loaded.ts';

/** As whom the server sees this page. Nothing is known at first; the server refuses what one may not in any case. */
export interface CallerParts {
  readonly server: Loaded<ServerInfo>;
  readonly isAdmin: boolean;
  /** May launch, answer and stop; undefined while it is not known. */
  readonly mayAct: boolean | undefined;
}

export function useCaller(): CallerParts {
  const server = useLoaded('server', () => api.server());
  const role = server.data?.caller.role;
  return { server, isAdmin: role === 'admin', mayAct: role && includesRole(role, 'operator') };
}
