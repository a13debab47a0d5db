import { isWithin } from '../hosts/paths.ts';
import type { DirectoryHolder, DirectoryTaken } from './context.ts';

type Holder = DirectoryHolder & { readonly host: string; readonly isShared: boolean };

/** The directories in which runs work whose journals are kept in memory, in this process. */
const taken = new Set<Holder>();

/** Notes that a run works in a directory; see `RunContext.takeDirectory`. The result takes it back. */
export function takeInMemory(holder: Holder): DirectoryTaken & { readonly leave: () => void } {
  const others = [...taken].filter((other) => other.host === holder.host && overlap(other.path, holder.path));
  const isTaken = holder.isShared || others.every((other) => other.isShared);
  if (isTaken) taken.add(holder);
  return { isTaken, others, leave: () => taken.delete(holder) };
}

function overlap(a: string, b: string): boolean {
  return isWithin(a, b) || isWithin(b, a);
}
