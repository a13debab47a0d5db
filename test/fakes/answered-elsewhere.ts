/**
 * A conversation at the terminal, about whose request somebody else decides: once the file `decided` is there. Called with
 * the address of the model.
 */
import { existsSync } from 'node:fs';
import { Outlet } from '../../src/cli/outlet.ts';
import { watchRun } from '../../src/cli/watching/watch.ts';
import { Optio } from '../../src/optio.ts';

const [, , baseUrl = ''] = process.argv;
const optio = await Optio.open();
const handle = await optio.run({
  instructions: 'Do it',
  autoStart: true,
  endRule: 'firstTurn',
  workspace: { directory: process.cwd() },
  permissionGate: true,
  model: 'scripted',
  provider: { baseUrl },
});
const decide = async () => {
  if (!existsSync('decided')) return;
  clearInterval(looking);
  for (const { request } of await optio.requests(handle.id)) {
    await handle.answer(request.id, { kind: 'decision', behavior: 'allow' }, { by: 'phone' });
  }
};
const looking = setInterval(() => void decide(), 20);
const watching = { output: new Outlet(process.stdout), complaints: new Outlet(process.stderr), json: false };
process.exitCode = await watchRun(handle, watching);
await optio.close();
