import type { Request } from '../contract/request.ts';
import type { Host } from '../hosts/host.ts';
import { isWithin } from '../hosts/paths.ts';
import type { Access } from './access.ts';

/**
 * Refuses what nobody may allow. Codex applies an accepted patch with the directory of its file opened for writing,
 * also below a directory that the profile denies: only a file right in the denied directory is kept from it. And more
 * permissions would be a change of the profile that the run promises.
 */
export class AccessGuard {
  readonly #host: Host;
  readonly #access: Access;

  constructor(host: Host, access: Access) {
    this.#host = host;
    this.#access = access;
  }

  /** Why this request has to be denied whatever anybody says; undefined when it may be asked. */
  async refusal(request: Request): Promise<string | undefined> {
    if (request.kind === 'permissions') return 'the permission profile of a run is not changed while it runs';
    if (request.kind !== 'fileChange') return undefined;
    // Of a patch whose files nobody knows nobody can say that it may be applied.
    if (request.changes.length === 0) return 'it is not known which files it would change';
    for (const { path, movedTo } of request.changes) {
      for (const touched of movedTo ? [path, movedTo] : [path]) {
        const real = await this.#host.resolveInside('/', touched);
        if (this.#access.denied.some((denied) => isWithin(denied, real)))
          return `${touched} lies where nothing may be changed`;
      }
    }
    return undefined;
  }
}
