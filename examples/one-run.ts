// One run, watched to its end: `node examples/one-run.ts "Explain this repository"`.
// Kill it in the middle and start it again: it goes on with the run that it has left.
import { Optio, type RunHandle } from 'optio-codex';
import { model } from './model.ts';

await using optio = await Optio.open();
const run = (await findLeft()) ?? (await begin());
process.once('SIGINT', () => run.cancel('Ctrl-C'));

for await (const event of run.events()) {
  if (event.type === 'item.delta' && event.part === 'text') process.stdout.write(event.delta);
  if (event.type === 'session.reconnected') console.log(`(${event.reason})`);
  if (event.type !== 'item.completed') continue;
  const { item } = event;
  if (item.kind === 'agentMessage') process.stdout.write('\n');
  if (item.kind === 'command') console.log(`$ ${item.command}\n${item.output.trimEnd()}`);
}

const { status, error, usage, workspace } = await run.outcome;
console.log(`${status}, ${usage.total} tokens`, error?.message ?? '', error?.remedy ?? '');
for (const { path, change } of workspace?.changes ?? []) console.log(`${change} ${path}`);
process.exitCode = status === 'done' ? 0 : 1;

/** The run that a process before this one could not watch to its end. */
async function findLeft(): Promise<RunHandle | undefined> {
  const { runs } = await optio.list({ metadata: { example: 'one-run' } });
  const left = runs.find(({ endedAt }) => endedAt === null);
  return left && optio.find(left.id);
}

function begin(): Promise<RunHandle> {
  const instructions = process.argv.slice(2).join(' ') || 'Explain this repository';
  const spec = { instructions, workspace: { directory: process.cwd() }, ...model };
  return optio.run(spec, { metadata: { example: 'one-run' } });
}
