import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { subdirectory, testDirectory } from '../../support/directories.ts';
import { codexOf } from '../../support/processes.ts';
import { makeRepository } from '../../support/repository.ts';
import { makePlace, markOf, watchRun } from '../../support/run.ts';

describe('the variables that a task names for its commands', () => {
  it('reach the commands, and neither Codex nor what Codex executes outside of the sandbox', async () => {
    const { root } = makeRepository();
    const outside = testDirectory('outside');
    const trace = join(outside, 'trace');
    const place = await makePlace();
    // git appends to this file whatever it does, and a proxy would get what goes to the model.
    const env = { GREETING: 'hello there', GIT_TRACE: trace, HTTP_PROXY: 'http://127.0.0.1:9' };
    const environments: string[] = [];
    const { outcome, outputs } = await watchRun(
      place,
      { instructions: '!run env\n!say done', workspace: { directory: root }, env },
      (event, handle) => {
        if (event.type !== 'turn.started') return;
        environments.push(readFileSync(`/proc/${codexOf(markOf(place, handle.id))}/environ`, 'utf8'));
      },
    );
    expect(outcome).toMatchObject({ status: 'done' });
    for (const [name, value] of Object.entries(env)) expect(outputs.join()).toContain(`${name}=${value}`);
    expect(environments.length).toBeGreaterThan(0);
    expect(environments.join()).not.toMatch(/GREETING|GIT_TRACE|HTTP_PROXY/);
    expect(existsSync(trace)).toBe(false);
  });

  it('choose no program that is executed outside of the sandbox', async () => {
    const told = join(testDirectory('told'), 'told');
    const place = await makePlace();
    const bin = subdirectory(place.workspace, 'bin');
    for (const name of ['git', 'bwrap', 'sh']) {
      writeFileSync(join(bin, name), `#!/bin/sh\necho "$0" >> '${told}'\nexit 1\n`, { mode: 0o755 });
    }
    writeFileSync(join(bin, 'mine'), '#!/bin/sh\necho found\n', { mode: 0o755 });
    const env = { PATH: [bin, process.env.PATH].join(delimiter) };
    const { outcome, outputs } = await watchRun(place, {
      instructions: '!run echo $PATH; mine\n!run echo again\n!say done',
      env,
    });
    expect(outcome).toMatchObject({ status: 'done' });
    expect(outputs.join()).toContain('found');
    expect(existsSync(told) ? readFileSync(told, 'utf8') : '').toBe('');
  });
});
