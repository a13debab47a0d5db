import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { LENDER } from '../../src/contract/seed-holder.ts';
import { sweepMarked } from '../../src/hosts/stop.ts';
import { Optio } from '../../src/optio.ts';
import { pause, say, shell } from '../../src/testing/index.ts';
import { type IsMeant, isCodex } from '../fakes/identity/faults.ts';
import type { Issued } from '../fakes/identity/lineages.ts';
import type { FakeIdentity } from '../fakes/identity/provider.ts';
import { compiled } from './compiled.ts';
import { testDirectory } from './directories.ts';
import { FireWorkers } from './fire-workers.ts';
import { type StartedIdentity, startIdentity, toAuthFile } from './identity.ts';
import { codexOf, until } from './processes.ts';
import { markOf } from './run.ts';
import { filesWithSecrets } from './search.ts';

/** So long tokens live in seconds. */
const OURS_SECONDS = 4;
const POOL = 'team';
/** What a gate token begins with. */
const GATE = 'optio-gate-';

export interface FireRun {
  readonly mode: 'broker' | 'file';
  /** Its turn goes on until `open` was called; `long`: and the model is asked once more after that. */
  readonly isGated?: boolean | 'long';
  /** How often it is tried (6). */
  readonly attempts?: number;
}

type Gates = Map<string, PromiseWithResolvers<void> & { held: number }>;

/** A data directory with a pool of logins whose refresh tokens work once, the workers that are killed there, and the provider. */
export class Fire extends FireWorkers {
  readonly identity: FakeIdentity;
  readonly logins: Issued[] = [];
  readonly #gates: Gates;
  /** The home of the user, and the workspace. */
  readonly #places: readonly [string, string];

  private constructor({ identity, env }: StartedIdentity, gates: Gates) {
    const root = testDirectory('fire');
    const places = [join(root, 'home'), join(root, 'workspace')] as const;
    for (const directory of places) mkdirSync(directory);
    super(join(root, 'data'), { PATH: process.env.PATH, LANG: 'C.UTF-8', HOME: places[0], ...compiled(), ...env });
    this.identity = identity;
    this.#gates = gates;
    this.#places = places;
  }

  /** `seconds`: how long access tokens live. */
  static async start(logins = 3, seconds = OURS_SECONDS): Promise<Fire> {
    const gates: Gates = new Map();
    const at = await startIdentity(({ userText, outputs }) => {
      const [, isLong, run = ''] = /^(long )?gate (\S+)/.exec(userText) ?? [];
      const gate = outputs.length === 0 ? gates.get(run) : undefined;
      if (gate) gate.held++;
      return [...(gate ? [pause(gate.promise)] : []), gate && isLong ? shell('true') : say('done')];
    });
    const fire = new Fire(at, gates);
    onTestFinished(() => fire.sweep());
    at.identity.lineages.accessTokenSeconds = seconds;
    await fire.look(async (optio) => {
      for (let nth = 1; nth <= logins; nth++) {
        const login = at.identity.login();
        fire.logins.push(login);
        await optio.addSeed({ id: `seed-${nth}`, pool: POOL, auth: toAuthFile(login) });
      }
    });
    return fire;
  }

  launch(run: string, { mode, isGated = false, attempts = 6 }: FireRun): void {
    if (mode === 'file') this.refuse(() => true); // so that its codex has to ask for a newer token
    if (isGated) this.#gates.set(run, { ...Promise.withResolvers(), held: 0 });
    const instructions = isGated ? `${isGated === 'long' ? 'long ' : ''}gate ${run}` : 'Go.';
    const workspace = { directory: this.#places[1], shared: true };
    const spec = { instructions, workspace, model: 'gpt-5.5', seedPool: POOL, seedMode: mode };
    this.order({ launch: run, attempts, spec });
  }

  /** How often the model was asked for the turn of a run before it was let end. */
  heldTurns(run: string): number {
    return this.#gates.get(run)?.held ?? 0;
  }

  /** Lets the turn of a run end. */
  open(run: string): void {
    this.#gates.get(run)?.resolve();
  }

  /** The codex of a run, once there is one. */
  async codex(run: string): Promise<number> {
    await until(() => this.hasCodex(run), `a codex of ${run}`);
    return codexOf(markOf(this, this.runIdOf(run) ?? ''));
  }

  /** Whether there is one just now. */
  hasCodex(run: string): boolean {
    try {
      return codexOf(markOf(this, this.runIdOf(run) ?? 'none')) > 0;
    } catch {
      return false;
    }
  }

  async killCodex(run: string): Promise<void> {
    await this.kill(await this.codex(run));
  }

  /** Its codex ends by itself soon after the worker, so it is looked for first. */
  async killBoth(run: string): Promise<void> {
    const pid = await this.codex(run);
    await this.killWorker();
    await this.kill(pid);
  }

  /** A codex, which may have ended by itself. */
  async kill(pid: number): Promise<void> {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      return; // it has just ended
    }
    await this.isGone(pid);
  }

  /** Waits for the end of a codex that was killed. */
  async isGone(pid: number): Promise<void> {
    this.kills++;
    await until(() => !existsSync(`/proc/${pid}`) || /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8')));
  }

  /** The login in the home of the codex of a run. */
  authFile(run: string): string {
    return join(this.dataDir, 'runs', this.runIdOf(run) ?? 'none', 'codex', 'auth.json');
  }

  /** What stands there in the place of its refresh token. */
  planted(run: string): string | undefined {
    try {
      return JSON.parse(readFileSync(this.authFile(run), 'utf8')).tokens?.refresh_token;
    } catch {
      return undefined;
    }
  }

  /** Whether a request for a newer login is about that of a run which has it in the home of its codex. */
  isFor(run: string): IsMeant {
    return (_, body) => {
      const nth = /\d+$/.exec(this.#plantedSeed(run) ?? '')?.[0];
      const login = this.logins[Number(nth) - 1];
      return login !== undefined && body.includes(this.identity.ledger.newestOf(login.lineage) ?? 'none');
    };
  }

  /** All access tokens are refused from now on that were given to such user agents. */
  refuse(isMeant: (userAgent: string) => boolean): void {
    this.identity.lineages.refuseAccessOf(isMeant);
  }

  /** Lets the worker come to its end, and an Optio look at what is there. */
  async look<T>(act: (optio: Optio) => Promise<T>): Promise<T> {
    await this.close();
    const optio = await Optio.open({ dataDir: this.dataDir, env: this.env });
    return act(optio).finally(() => optio.close());
  }

  /** Lets everything end, and gives the refresh token of each seed that is saved then. */
  held(): Promise<string[]> {
    return this.look(async (optio) => {
      const held: string[] = [];
      for (const { id } of await optio.listSeeds()) {
        // A worker that was killed may have left a lease, which nobody waits for who shares the seed in its place.
        const order = { of: { seed: id }, holder: LENDER, inAnyState: true, takesOver: true };
        await using lease = (await optio.seeds.take(order)) ?? (await optio.seeds.lease(order));
        const { files } = await optio.seeds.read(lease);
        held.push(JSON.parse(files['auth.json'] ?? '{}').tokens.refresh_token);
      }
      return held;
    });
  }

  /**
   * By the provider's own record nothing was used twice, lost, or ended, so that no seed may be dead; and what it gave lies nowhere in
   * the clear.
   */
  async expectSafe(): Promise<void> {
    const held = await this.held();
    const { ledger } = this.identity;
    const asked = this.identity.at('refresh');
    expect(asked.filter(({ userAgent }) => isCodex(userAgent)).length, 'asked for by a codex').toBe(0);
    expect(asked.filter(({ body }) => body.includes(GATE)).length, 'gate tokens that went to the provider').toBe(0);
    expect(ledger.usedAgain(), `used twice\n${ledger.tail}`).toEqual([]);
    expect(
      ledger.lost((token) => held.includes(token)),
      'lost',
    ).toEqual([]);
    expect(ledger.revoked(), 'revoked').toEqual([]);
    const seeds = await this.look((optio) => optio.listSeeds());
    const dead = seeds.filter(({ state }) => state === 'dead');
    expect(dead, 'dead, although the provider has refused none by name').toEqual([]);
    expect(filesWithSecrets(ledger.secrets, this.dataDir, ...this.#places), 'in the clear').toEqual([]);
    expect(this.#runIds(), 'private directories that are left').toEqual([]);
  }

  /** For people. */
  get tally(): string {
    const refreshes = this.logins.reduce((sum, { lineage }) => sum + this.identity.ledger.refreshesOf(lineage), 0);
    return `${refreshes} refreshes, ${this.kills} kills`;
  }

  async sweep(): Promise<void> {
    if (this.isAlive) await this.killWorker();
    for (const runId of this.#runIds()) await sweepMarked(markOf(this, runId));
  }

  #plantedSeed(run: string): string | undefined {
    try {
      return JSON.parse(readFileSync(join(this.authFile(run), '../../seed.json'), 'utf8')).seedId;
    } catch {
      return undefined;
    }
  }

  #runIds(): string[] {
    const runs = join(this.dataDir, 'runs');
    return existsSync(runs) ? readdirSync(runs) : [];
  }
}
