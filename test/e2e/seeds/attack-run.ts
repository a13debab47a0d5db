// Lets the real codex attack the saved login of its own run, accepts whatever it asks for, and prints what came of it.
// A program of its own, so that it can be run as another user: `attack-run.ts ROOT MODE ISOLATION`.
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { LoginReport, RunEvent } from '../../../src/contract/event.ts';
import type { RunOutcome } from '../../../src/contract/outcome.ts';
import type { SeedMode } from '../../../src/contract/seed.ts';
import { Optio } from '../../../src/optio.ts';
import { gateTokenIn } from '../../../src/seeds/gate-token.ts';
import { say } from '../../../src/testing/index.ts';
import { ScriptedModel } from '../../../src/testing/model.ts';
import { makeIdentityCertificate, openIdentity, toAuthFile } from '../../support/identity-place.ts';
import { filesWithSecrets, holdsText } from '../../support/search.ts';
import { connectToSockets, OWN_SETTING } from '../sandbox/attacks.ts';
import {
  CANARIES,
  type HostilePlace,
  hostilePlace,
  layOutLogin,
  layOutRepository,
  put,
  SHOWN,
} from '../sandbox/hostile.ts';
import { plainOutput, startBystander, worthlessOf } from '../sandbox/plain-shell.ts';
import { DATABASE, ENDED, SEEN, seedAttackScript, seedAttacks, UNTIL_SEEN } from './attacks.ts';

export type Isolation = 'standard' | 'strict';

export interface SeedAttackReport {
  readonly uid: number;
  readonly outcome: RunOutcome;
  readonly loginReport: LoginReport | undefined;
  /** How many secrets the provider has issued, and how many of them before the run. */
  readonly issued: readonly [before: number, after: number];
  /** The attacks that print nothing secret in a plain shell. */
  readonly worthless: readonly string[];
  /** What the commands printed that they were to print, as far as the model got it: nothing. */
  readonly inRequests: readonly string[];
  /** Secrets in what went to the provider otherwise, but for what renews a login. */
  readonly inOtherRequests: readonly string[];
  readonly inJournal: readonly string[];
  /** The processes of the run, by what they are, with a secret among their arguments or in their environment. */
  readonly inProcesses: readonly string[];
  readonly sampled: readonly string[];
  /** The files with a secret, below the root, when the turn had ended, and when all was over. */
  readonly filesMeanwhile: readonly string[];
  readonly filesAfter: readonly string[];
  /** Whether the log of the store and the trace were among those that were searched. */
  readonly searched: readonly boolean[];
  /** What others than its owner may do with the file of the login, as it was planted, and as it became. */
  readonly loginModes: readonly number[];
  readonly isLoginPatched: boolean;
  readonly patchedCopy: string;
  readonly isPictureShown: boolean;
  readonly writtenOutside: readonly string[];
  readonly socketWithoutSandbox: string;
  readonly sockets: readonly string[];
  readonly commands: number;
  /** The commands whose output did not come to the model whole. */
  readonly cut: readonly string[];
  readonly asked: number;
}

export async function attackSeed(root: string, mode: SeedMode, isolation: Isolation): Promise<SeedAttackReport> {
  const base = hostilePlace(root);
  for (const directory of [base.home, base.workspace, base.outside]) mkdirSync(directory, { recursive: true });
  let script = seedAttackScript(base, []);
  const model = await ScriptedModel.start({ script: ({ number }) => [script[number - 1] ?? say('done')] });
  const directory = join(root, 'identity');
  mkdirSync(directory);
  const at = await openIdentity(directory, model, makeIdentityCertificate(directory));
  const { identity } = at;
  const { secrets } = identity.ledger;
  const trace = join(root, 'trace');
  const env = {
    PATH: process.env.PATH,
    HOME: base.home,
    LANG: 'C.UTF-8',
    OPTIO_CODEX_TRACE: trace,
    SECRET_OF_OURS: CANARIES.environment,
    ...at.env,
  };
  const bystander = startBystander();
  const optio = await Optio.open({ dataDir: base.dataDir, env });
  const login = identity.login();
  if (mode === 'key') await optio.addSeed({ id: 'work', apiKey: identity.makeApiKey() });
  else await optio.addSeed({ id: 'work', auth: toAuthFile(login) });
  const before = secrets.size;
  const key = readFileSync(join(base.dataDir, 'seed.key'), 'utf8').trim();
  // The run waits for its login, so that the repository can be laid out for the home that it is about to have.
  const gate = await optio.seeds.lease({ of: { seed: 'work' }, holder: 'test' });
  const handle = await optio.run({
    instructions: 'Attack.',
    workspace: { directory: base.workspace },
    seedId: 'work',
    ...(mode === 'file' && { seedMode: 'file' }),
    model: 'gpt-5.5',
    permissionGate: true,
    isolation,
    endRule: 'told',
  });
  const run = join(base.dataDir, 'runs', handle.id);
  const place: HostilePlace = { ...base, login: join(run, 'codex', 'auth.json') };
  // What its codex has in the place of a refresh token opens the gate, and is as secret.
  const gateTokens = new Set<string>();
  const ofLogin = () => [...secrets, ...gateTokens];
  const attacks = () => {
    const all = ofLogin();
    return seedAttacks(place, { login: [...all, CANARIES.codexLogin], inMemory: all, key });
  };
  script = seedAttackScript(place, attacks());
  const wanted = () => [...new Set([...ofLogin(), ...Object.values(CANARIES), key, DATABASE, OWN_SETTING])];
  const places = [root];
  const events: RunEvent[] = [];
  const samples = new Set<string>();
  let worthless: string[] = [];
  let socketWithoutSandbox = '';
  let filesMeanwhile: string[] = [];
  let searched: boolean[] = [];
  const loginModes: number[] = [];
  let isLoginPatched = false;
  for await (const event of handle.events()) {
    events.push(event);
    if (event.type === 'notice' && event.message.includes('waits for a login')) {
      layOutRepository(place);
      await gate.release();
    }
    if (event.type === 'session.started') {
      const planted = existsSync(place.login) ? gateTokenIn(readFileSync(place.login, 'utf8')) : undefined;
      if (planted !== undefined) gateTokens.add(planted);
      layOutLogin(place.login);
      loginModes.push(statSync(place.login).mode & 0o077);
      put(join(place.dataDir, 'seeds', 'planted'), CANARIES.dataDirectory);
      const own = { OPTIO_CODEX_RUN: handle.id };
      const forUs = attacks().filter(({ isForRoot }) => !isForRoot || process.getuid?.() === 0);
      worthless = worthlessOf(place, forUs, own);
      socketWithoutSandbox = plainOutput(place.workspace, connectToSockets(place), own);
      identity.lineages.refuseAccess(login.accessToken);
      await sampleUntilSeen(samples, run);
      put(join(place.workspace, SEEN), '');
    }
    if (event.type === 'item.started') sample(samples, run);
    if (event.type === 'request.opened') await handle.answer(event.request.id, { kind: 'decision', behavior: 'allow' });
    if (event.type === 'turn.ended') {
      filesMeanwhile = filesWithSecrets(ofLogin(), ...places);
      searched = [`${place.dataDir}/optio.db-wal`, trace].map((file) => readFileSync(file).length > 0);
      loginModes.push(statSync(place.login).mode & 0o077);
      isLoginPatched = /patched|moved/.test(readFileSync(place.login, 'utf8'));
      await handle.finish();
    }
  }
  const outcome = await handle.outcome;
  await optio.close();
  bystander.kill();
  await at[Symbol.asyncDispose]();
  await model.close();
  const requests = JSON.stringify(model.requests.map(({ body }) => body));
  const outputs = model.requests.at(-1)?.outputs ?? [];
  const others = identity.requests.filter(({ endpoint }) => endpoint !== 'refresh');
  const started = events.find((event) => event.type === 'session.started');
  const inside = (path: string) => path.slice(root.length + 1).replace(handle.id, 'RUN');
  return {
    uid: process.getuid?.() ?? -1,
    outcome,
    loginReport: started?.loginReport,
    issued: [before, secrets.size],
    worthless,
    inRequests: wanted().filter((secret) => holdsText(requests, secret)),
    inOtherRequests: ofLogin().filter((secret) => holdsText(JSON.stringify(others.map(({ body }) => body)), secret)),
    inJournal: wanted().filter((secret) => holdsText(JSON.stringify(events), secret)),
    inProcesses: [...samples].filter((text) => ofLogin().some((one) => holdsText(text, one))),
    sampled: [...samples],
    filesMeanwhile: filesMeanwhile.map(inside),
    filesAfter: filesWithSecrets(ofLogin(), ...places).map(inside),
    searched,
    loginModes,
    isLoginPatched,
    patchedCopy: textOf(join(place.workspace, 'moved-by-patch')),
    isPictureShown: holdsText(requests, SHOWN),
    writtenOutside: readdirSync(place.outside),
    socketWithoutSandbox,
    sockets: outputs.flatMap((output) => output.match(/^(UN|CONN).*app-server\.sock.*$/gm) ?? []),
    commands: outputs.length,
    cut: outputs
      .slice(
        0,
        script.findIndex(({ kind }) => kind !== 'command'),
      )
      .filter((output) => !output.includes(ENDED)),
    asked: events.filter((event) => event.type === 'request.opened' && event.request.kind === 'command').length,
  };
}

function textOf(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

/** Takes down the arguments and the environment of every process that has anything to do with this run. */
function sample(samples: Set<string>, run: string): void {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const text = textOfProcess(pid, 'cmdline') + textOfProcess(pid, 'environ');
    if (text.includes(run) || text.includes(basename(run))) samples.add(text);
  }
}

/** Until a command of the run was among them, in its sandbox. */
async function sampleUntilSeen(samples: Set<string>, run: string): Promise<void> {
  while (![...samples].some((text) => text.includes(UNTIL_SEEN))) {
    await delay(20);
    sample(samples, run);
  }
}

function textOfProcess(pid: string, file: 'cmdline' | 'environ'): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    return ''; // it has ended, or is not ours to look into
  }
}

const [root, mode, isolation] = process.argv.slice(2);
if (process.argv[1] === import.meta.filename && root) {
  process.stdout.write(JSON.stringify(await attackSeed(root, mode as SeedMode, isolation as Isolation)));
}
