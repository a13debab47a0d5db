import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProcessIdentity } from '../hosts/host.ts';
import { makePrivateDirectory, putDurably, putInto, syncDirectory } from './durable-file.ts';

/** The refresh of one version of a seed. No version has a number twice, not even when its seed was removed. */
export interface RefreshPlace {
  readonly seedId: string;
  readonly version: number;
}

/** What is written down before anything is sent. */
export interface RefreshIntent extends RefreshPlace {
  /** The lease under which it was begun. */
  readonly fence: number;
  readonly startedAt: string;
  /** Who sends it; null until that is known: nothing is sent before. */
  readonly process: ProcessIdentity | null;
}

/** `intent`: it was begun. `sent`: the token may have gone out. `result`: the answer, encrypted. `room`: keeps space for that. */
type Kind = 'intent' | 'sent' | 'result' | 'room';

/** What there is of a refresh. */
export interface RefreshLeft extends RefreshPlace {
  readonly kinds: ReadonlySet<Kind>;
}

/** No answer is longer, encrypted, in bytes. */
const ROOM_BYTES = 256 * 1024;
const NAME = /^([a-z0-9][a-z0-9._-]*)\.(\d+)\.(intent|sent|result|room)$/;

/** The refreshes that are under way, or have not been saved yet, as files that outlive whoever began them. */
export class RefreshFiles {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** On the disk, with room for the answer, when it resolves. */
  async begin(intent: RefreshIntent): Promise<void> {
    await makePrivateDirectory(this.#directory);
    await this.putIntent(intent);
    await putDurably(this.#path(intent, 'room'), Buffer.alloc(ROOM_BYTES));
  }

  putIntent(intent: RefreshIntent): Promise<void> {
    return putDurably(this.#path(intent, 'intent'), JSON.stringify(intent));
  }

  markSent(place: RefreshPlace): Promise<void> {
    return putDurably(this.#path(place, 'sent'), '');
  }

  /** Into the room that was kept for it. */
  async putResult(place: RefreshPlace, sealed: string): Promise<void> {
    const path = this.#path(place, 'result');
    await putInto(this.#path(place, 'room'), path, sealed).catch((thrown: NodeJS.ErrnoException) => {
      if (thrown.code !== 'ENOENT') throw thrown;
      return putDurably(path, sealed);
    });
  }

  /** `damaged`: there is one, and it says nothing. */
  async intent(place: RefreshPlace): Promise<RefreshIntent | 'damaged' | undefined> {
    const text = await this.#read(place, 'intent');
    return text === undefined ? undefined : (readIntent(text) ?? 'damaged');
  }

  /** Its intent says nothing: it counts as one that was sent. */
  async presumeSent(place: RefreshPlace): Promise<void> {
    await this.markSent(place);
    await rm(this.#path(place, 'intent'), { force: true });
  }

  /** What may have gone out for this version is the token of another one by now. */
  async moveSent(place: RefreshPlace, version: number): Promise<void> {
    await this.markSent({ ...place, version });
    await this.clear(place);
  }

  result(place: RefreshPlace): Promise<string | undefined> {
    return this.#read(place, 'result');
  }

  async has(place: RefreshPlace, kind: Kind): Promise<boolean> {
    return (await this.left(place.seedId)).some(({ version, kinds }) => version === place.version && kinds.has(kind));
  }

  /** What is left of the refreshes of one seed, or of all, the oldest first. */
  async left(seedId?: string): Promise<RefreshLeft[]> {
    const names = await readdir(this.#directory).catch(ifAbsent([]));
    const found = new Map<string, RefreshPlace & { readonly kinds: Set<Kind> }>();
    for (const name of names) {
      const [, seed, number = '', kind] = NAME.exec(name) ?? [];
      if (!seed || (seedId !== undefined && seed !== seedId)) continue;
      const left = found.get(`${seed}.${number}`) ?? { seedId: seed, version: Number(number), kinds: new Set() };
      found.set(`${seed}.${number}`, left);
      left.kinds.add(kind as Kind);
    }
    return [...found.values()].sort((a, b) => a.version - b.version);
  }

  /** Nothing is left of it, or only that its token may have gone out. */
  async clear(place: RefreshPlace, { keepsSent = false } = {}): Promise<void> {
    const kinds = keepsSent ? (['result', 'room'] as const) : (['result', 'room', 'sent', 'intent'] as const);
    for (const kind of kinds) await rm(this.#path(place, kind), { force: true });
    await syncDirectory(this.#directory).catch(ifAbsent(undefined));
  }

  async #read(place: RefreshPlace, kind: Kind): Promise<string | undefined> {
    return readFile(this.#path(place, kind), 'utf8').catch(ifAbsent(undefined));
  }

  #path({ seedId, version }: RefreshPlace, kind: Kind): string {
    return join(this.#directory, `${seedId}.${version}.${kind}`);
  }
}

function readIntent(text: string): RefreshIntent | undefined {
  try {
    const read = JSON.parse(text) as Partial<RefreshIntent> | null;
    return typeof read?.process === 'object' ? (read as RefreshIntent) : undefined;
  } catch {
    return undefined;
  }
}

function ifAbsent<T>(value: T): (thrown: NodeJS.ErrnoException) => T {
  return (thrown) => {
    if (thrown.code === 'ENOENT') return value;
    throw thrown;
  };
}
