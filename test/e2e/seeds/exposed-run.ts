// Lets the real codex read the saved login of its own run, with full access that somebody has insisted on, and prints what
// came of it. A program of its own, so that it is never run as root: `exposed-run.ts ROOT`.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { LoginReport } from '../../../src/contract/event.ts';
import { Optio } from '../../../src/optio.ts';
import { ScriptedModel } from '../../../src/testing/model.ts';
import { makeIdentityCertificate, openIdentity, toAuthFile } from '../../support/identity-place.ts';

export interface ExposedReport {
  readonly status: string;
  readonly loginReport: LoginReport | undefined;
  /** What the model got of the file in the home of its codex. */
  readonly isRead: boolean;
  /** Whether the refresh token was there. */
  readonly isRenewable: boolean;
}

async function expose(root: string): Promise<ExposedReport> {
  const [home, workspace, dataDir] = [join(root, 'home'), join(root, 'workspace'), join(root, 'data')];
  const certified = join(root, 'identity');
  for (const directory of [home, workspace, certified]) mkdirSync(directory);
  const model = await ScriptedModel.start();
  const at = await openIdentity(certified, model, makeIdentityCertificate(certified));
  const optio = await Optio.open({ dataDir, env: { PATH: process.env.PATH, HOME: home, ...at.env } });
  const login = at.identity.login();
  await optio.addSeed({ id: 'work', auth: toAuthFile(login) });
  const handle = await optio.run({
    instructions: `!run cat '${dataDir}'/runs/*/codex/auth.json\n!say done`,
    workspace: { directory: workspace },
    seedId: 'work',
    seedMode: 'file',
    model: 'gpt-5.5',
    sandbox: 'danger-full-access',
    exposeLogin: true,
  });
  let loginReport: LoginReport | undefined;
  for await (const event of handle.events()) if (event.type === 'session.started') loginReport = event.loginReport;
  const { status } = await handle.outcome;
  await optio.close();
  await at[Symbol.asyncDispose]();
  await model.close();
  const outputs = model.requests.at(-1)?.outputs.join() ?? '';
  const [isRead, isRenewable] = [login.accessToken, login.refreshToken].map((token) => outputs.includes(token));
  return { status, loginReport, isRead: isRead === true, isRenewable: isRenewable === true };
}

const [root] = process.argv.slice(2);
if (process.argv[1] === import.meta.filename && root) process.stdout.write(JSON.stringify(await expose(root)));
