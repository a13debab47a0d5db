// Lets a command of a managed run ask for hosts behind a list of them, and prints what it got.
// A program of its own, so that it can be run as another user: `network-run.ts ROOT JSON`.
import { mkdirSync, readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { RunOutcome } from '../../../src/contract/outcome.ts';
import { Optio } from '../../../src/optio.ts';
import { ScriptedModel, say, shell } from '../../../src/testing/index.ts';

interface Question {
  readonly host: string;
  /** Without the proxy, whatever the environment of the command says. */
  readonly isDirect?: boolean;
  /** Asks to run outside of the sandbox, which is allowed. */
  readonly isEscalated?: boolean;
}

export interface NetworkOptions {
  readonly listed: readonly string[];
  readonly questions: readonly Question[];
  /** Where the server listens. */
  readonly address?: string;
}

export interface NetworkReport {
  readonly uid: number;
  readonly status: RunOutcome['status'];
  /** How often codex asked for permission. */
  readonly asked: number;
  /** What each question got, in order. The server answers `REACHED`, by whatever name it is reached. */
  readonly answers: readonly string[];
  /** What codex has left in the home of the user. */
  readonly left: readonly string[];
}

export async function askForHosts(
  root: string,
  { listed, questions, address = '127.0.0.1' }: NetworkOptions,
): Promise<NetworkReport> {
  const [home, workspace] = [join(root, 'home'), join(root, 'workspace')];
  for (const directory of [home, workspace]) mkdirSync(directory, { recursive: true });
  const server = createServer((_, response) => response.end('REACHED'));
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  const { port } = server.address() as AddressInfo;
  const steps = questions.map(({ host, isDirect, isEscalated }) =>
    shell(
      `curl -sS -m 20 ${isDirect ? "--noproxy '*' " : ''}http://${host}:${port}/ 2>&1`,
      isEscalated ? { escalate: 'I need it' } : {},
    ),
  );
  const model = await ScriptedModel.start({ script: [...steps, say('done')] });
  const optio = await Optio.open({
    dataDir: join(root, 'data'),
    env: { PATH: process.env.PATH, HOME: home, LANG: 'C.UTF-8' },
  });
  const handle = await optio.run({
    instructions: 'Ask.',
    workspace: { directory: workspace },
    provider: { baseUrl: model.url },
    model: 'scripted',
    permissionGate: true,
    networkAccess: [...listed],
  });
  const answers: string[] = [];
  let asked = 0;
  for await (const event of handle.events()) {
    if (event.type === 'item.completed' && event.item.kind === 'command') answers.push(event.item.output);
    if (event.type !== 'request.opened') continue;
    asked++;
    await handle.answer(event.request.id, { kind: 'decision', behavior: 'allow' });
  }
  const { status } = await handle.outcome;
  await optio.close();
  await model.close();
  server.close();
  return { uid: process.getuid?.() ?? -1, status, asked, answers, left: readdirSync(home) };
}

const [root, options] = process.argv.slice(2);
if (process.argv[1] === import.meta.filename && root && options) {
  process.stdout.write(JSON.stringify(await askForHosts(root, JSON.parse(options) as NetworkOptions)));
}
