import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { connectTo, type OptioClient } from '../../src/client/index.ts';
import { stopRunning } from '../../src/compose/running.ts';
import { removeDirectory } from '../../src/hosts/remove.ts';
import { ScriptedModel } from '../../src/testing/index.ts';
import type { FakeIdentity } from '../../test/fakes/identity/provider.ts';
import { makeIdentityCertificate, openIdentity } from '../../test/support/identity-place.ts';
import { playRun } from './runs.ts';
import { makeShop } from './shop.ts';

const MAIN = join(import.meta.dirname, '..', '..', 'src', 'cli', 'main.ts');

/** A server as a person starts it, with a home of its own, a project and a scripted model. */
export interface Place extends AsyncDisposable {
  readonly url: string;
  readonly token: string;
  readonly api: OptioClient;
  readonly shop: string;
  readonly model: ScriptedModel;
  /** Who stands for OpenAI where somebody logs in. */
  readonly identity: FakeIdentity;
}

/** Starts one; it is stopped and removed, with all that it runs, when it is let go. */
export async function openPlace(): Promise<Place> {
  await using parts = new AsyncDisposableStack();
  const root = mkdtempSync('/var/tmp/pictures-'); // not below /tmp, which the sandbox lets commands write to
  parts.defer(() => removeDirectory(root));
  const [home, shop] = [join(root, 'home'), join(root, 'shop')];
  for (const directory of [home, shop]) mkdirSync(directory);
  makeShop(shop);
  const model = parts.use(await ScriptedModel.start({ script: playRun }));
  const certificates = join(root, 'certificates');
  mkdirSync(certificates);
  const provider = parts.use(await openIdentity(certificates, model, makeIdentityCertificate(certificates)));
  const dataDir = join(home, 'data');
  const env = { PATH: process.env.PATH ?? '', LANG: 'C.UTF-8', HOME: home, OPTIO_CODEX_HOME: dataDir, ...provider.env };
  const argv = [MAIN, 'serve', '--port', '0', '--log-level', 'silent', '--json'];
  const server = spawn(process.execPath, argv, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  parts.defer(async () => {
    if (server.exitCode === null) await stopRunning(dataDir, { cancel: true });
  });
  const [line] = (await once(createInterface(server.stdout), 'line')) as [string];
  const { address: url } = JSON.parse(line) as { readonly address: string };
  const token = readFileSync(join(dataDir, 'token'), 'utf8').trim();
  const api = parts.use(connectTo({ url, token }));
  const kept = parts.move();
  const { identity } = provider;
  return { url, token, api, shop, model, identity, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}
