import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { GatePass } from '../../src/contract/seed-wish.ts';
import type { OptioError } from '../../src/errors.ts';
import { LocalHost } from '../../src/hosts/local.ts';
import { makeGateToken } from '../../src/seeds/gate-token.ts';
import { PlantedLogin, saveLeftLogin } from '../../src/session/planted-login.ts';
import type { LentFile, Logins } from '../../src/task/logins.ts';
import { chatgptAuth } from './auth.ts';
import { testDirectory } from './directories.ts';

export const host = new LocalHost();

/** The private directory of a run, with the home of its codex. */
export function makeHome() {
  const directory = testDirectory('planted');
  mkdirSync(join(directory, 'codex'));
  return { directory, file: join(directory, 'codex', 'auth.json') };
}

/** A login that is lent, and what was saved of it. */
export function lend({
  seedId = 'work',
  auth = chatgptAuth(),
  version = 1,
  port = 4_000,
  refuse = undefined as OptioError | undefined,
} = {}) {
  const lost = new AbortController();
  const saved: string[] = [];
  const guests: GatePass[] = [];
  const listeners = new Set<(version: number) => void>();
  const renew = (newer: number) => {
    for (const listener of listeners) listener(newer);
  };
  const lent: LentFile = {
    seedId,
    mode: 'file',
    account: null,
    settings: {},
    lost: lost.signal,
    version,
    auth,
    admit: async () => {
      const pass = { token: makeGateToken(), port };
      guests.push(pass);
      return pass;
    },
    readmit: async (pass) => {
      guests.push(pass);
      return pass.port === port;
    },
    onRenewed: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    save: async (next) => {
      if (refuse) throw refuse;
      saved.push(next);
      return { isNew: true, version: 2 };
    },
    noteLimit: async () => {},
    noteRefused: async () => {},
    release: async () => {},
  };
  return { lent, lost, saved, guests, renew };
}

export interface Told {
  readonly onSaved?: (version: number) => void;
  readonly onUnreachable?: () => void;
  readonly logins?: Logins;
}

export function plantedIn(directory: string, lent: LentFile, told: Told = {}): PlantedLogin {
  const { onSaved = () => {}, onUnreachable = () => {}, logins = keeper() } = told;
  const saveLeft = async () => void (await saveLeftLogin(host, directory, logins));
  const options = { host, directory, lent, saveLeft, onSaved, onUnreachable, onProblem: () => {} };
  const planted = new PlantedLogin(options);
  onTestFinished(() => planted.leave());
  return planted;
}

/** What an earlier version of ours has planted: the whole login. */
export function plantWhole(directory: string, auth: string, seedId = 'work'): void {
  writeFileSync(join(directory, 'seed.json'), JSON.stringify({ seedId, version: 1 }));
  writeFileSync(join(directory, 'codex', 'auth.json'), auth);
}

/** Logins that know of what was left only. */
export function keeper(refuse?: OptioError, isNew = true): Logins & { readonly left: [string, string][] } {
  const left: [string, string][] = [];
  return {
    left,
    lend: () => Promise.reject(new Error('not asked for here')),
    saveLeft: async ({ seedId, auth }) => {
      if (refuse) throw refuse;
      left.push([seedId, auth]);
      return { isNew, version: 2 };
    },
    names: async () => [],
    end: async () => {},
  };
}
