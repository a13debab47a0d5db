import { join } from 'node:path';
import { z } from 'zod';
import { MAX_SEED_FILE_BYTES } from '../contract/seed.ts';
import type { GatePass, LeftLogin } from '../contract/seed-wish.ts';
import type { Host } from '../hosts/host.ts';
import { readAuth } from '../seeds/auth-file.ts';
import { gateTokenIn } from '../seeds/gate-token.ts';
import { AUTH_FILE } from '../seeds/manifest.ts';

/** What is left in the place of a login when nothing of it is to lie there. */
const NOTHING = '{}\n';
/** In the private directory of a run: which seed lies in the home of its codex. */
const RECORD = 'seed.json';
/** In that directory, the login in the home of codex. */
const AUTH = join('codex', AUTH_FILE);

const recordSchema = z.object({
  seedId: z.string(),
  version: z.number().optional(),
  /** Where codex asks for newer tokens; none where it has a refresh token, from an earlier version of ours. */
  port: z.number().optional(),
});
export type PlantedRecord = z.infer<typeof recordSchema>;

/** Where the login of a run lies. `directory`: the private one of the run. */
export interface PlantedPlace {
  readonly host: Host;
  readonly directory: string;
}

export function authFileOf({ directory }: Pick<PlantedPlace, 'directory'>): string {
  return join(directory, AUTH);
}

export async function writeRecord({ host, directory }: PlantedPlace, record: PlantedRecord): Promise<void> {
  await host.writeFile(join(directory, RECORD), JSON.stringify(record));
}

/** Undefined where there is none, or none that can be read. */
export async function readRecord(place: PlantedPlace): Promise<PlantedRecord | undefined> {
  const text = await readBounded(place, RECORD);
  if (text === undefined) return undefined;
  try {
    return recordSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Leaves nothing of a login there; it is saved by then. */
export async function blank({ host, directory }: PlantedPlace): Promise<void> {
  const file = authFileOf({ directory });
  if (await host.exists(file)) await host.writeFile(file, NOTHING);
}

/** A login with its refresh token, as an earlier version of ours has planted it; undefined where none lies there, or half of one. */
export async function findPlanted(place: PlantedPlace): Promise<LeftLogin | undefined> {
  const record = await readRecord(place);
  const auth = record && (await readBounded(place, AUTH));
  return record && auth && readAuth(auth).isWhole
    ? { seedId: record.seedId, version: record.version, auth }
    : undefined;
}

/** The login that a codex has there which renews it at our gate, as far as that can be told. */
export async function findGuest(
  place: PlantedPlace,
): Promise<{ readonly seedId: string; readonly pass?: GatePass } | undefined> {
  const record = await readRecord(place);
  if (record?.port === undefined) return undefined;
  const { seedId, port } = record;
  const token = gateTokenIn((await readBounded(place, AUTH)) ?? '');
  return { seedId, ...(token !== undefined && { pass: { token, port } }) };
}

/** The access token there. */
export async function heldAt(place: PlantedPlace): Promise<string | undefined> {
  try {
    const stored = JSON.parse((await readBounded(place, AUTH)) ?? '{}') as { tokens?: { access_token?: unknown } };
    const held = stored.tokens?.access_token;
    return typeof held === 'string' ? held : undefined;
  } catch {
    return undefined; // it is being written
  }
}

async function readBounded({ host, directory }: PlantedPlace, path: string): Promise<string | undefined> {
  if (!(await host.exists(directory))) return undefined;
  const root = (await host.realPath(directory)) ?? directory;
  return (await host.readInside(root, path, { maxBytes: MAX_SEED_FILE_BYTES }))?.toString('utf8');
}
