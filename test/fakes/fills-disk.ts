// A process whose data directory lies on a small disk, which it fills while the agent of a run works: prints what it sees
// of the run while there is no space and after it made some, as one line of JSON.
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunEvent } from '../../src/contract/event.ts';
import { Optio } from '../../src/optio.ts';
import { pause, ScriptedModel, say, shell } from '../../src/testing/index.ts';

const [disk = '', home = '', workspace = ''] = process.argv.slice(2);
const env = { PATH: process.env.PATH, HOME: home };
const filled = Promise.withResolvers<void>();
const model = await ScriptedModel.start({
  script: ({ number, userText }) => {
    if (userText.startsWith('The last turn was cut short')) return [say('done all the same')];
    if (number === 1) return [shell('echo one >> out.txt')];
    return [pause(filled.promise), say('x'.repeat(3_000_000), { chunk: 20_000 }), say('never')];
  },
});
const optio = await Optio.open({ dataDir: join(disk, 'data'), workspacesDir: join(home, 'workspaces'), env });
const provider = { baseUrl: model.url };
const handle = await optio.run({
  instructions: 'Go.',
  workspace: { directory: workspace },
  provider,
  model: 'scripted',
});
const events: RunEvent[] = [];
let refusal: unknown;
for await (const event of handle.events()) {
  // The text is known, and much.
  events.push(event.type === 'item.delta' ? { ...event, delta: '' } : event);
  if (event.type === 'item.completed' && event.item.kind === 'command') {
    fill();
    filled.resolve();
  }
  // The turn has ended that the pause cut: there is no space, and all of it is written down.
  if (event.type === 'turn.ended' && event.status === 'interrupted') {
    const more = optio.run({ instructions: 'More.', workspace: { fresh: true }, provider, model: 'scripted' });
    refusal = await more.then(
      () => undefined,
      ({ code }) => code,
    );
    makeSpace();
  }
}
const outcome = await handle.outcome;
await optio.close();
await model.close();
process.stdout.write(`${JSON.stringify({ events, outcome, refusal })}\n`);

function fill(): void {
  let files = 0;
  for (const size of [1 << 20, 1 << 12]) {
    try {
      for (;;) writeFileSync(join(disk, `filler-${files++}`), Buffer.alloc(size));
    } catch {
      // Until nothing of this size fits any more.
    }
  }
}

function makeSpace(): void {
  for (const name of readdirSync(disk)) if (name.startsWith('filler-')) rmSync(join(disk, name));
}
