import { readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { escalate, say, shell } from '../../../src/testing/index.ts';
import { subdirectory, testDirectory } from '../../support/directories.ts';
import { allowAll, makePlace, watchRun } from '../../support/run.ts';

const SPEC = { instructions: 'go', permissionGate: true } as const;

describe('a run whose private home lies in a directory that the user may rename', () => {
  it('runs the next command outside of the sandbox once an accepted one has put another helper there, and fails', async () => {
    const root = testDirectory('replaced');
    const [parent, gone, told] = [subdirectory(root, 'parent'), join(root, 'gone'), join(root, 'told')];
    // Codex starts its sandbox by a helper in its home, whose directory is on the PATH of every command.
    const replace = `home=$(echo "$PATH" | tr : '\\n' | grep codex-arg0) && mv '${parent}' '${gone}' && mkdir -p "$home" && cp helper "$home/codex-linux-sandbox"`;
    const script = [escalate(replace, 'I need it'), shell('echo this command is never run'), say('done')];
    const place = await makePlace({ optio: { dataDir: join(parent, 'data') }, script });
    const helper = `#!/bin/sh\nreadlink /proc/self/ns/pid > '${told}'\n`;
    writeFileSync(join(place.workspace, 'helper'), helper, { mode: 0o755 });
    const { of, outcome } = await watchRun(place, SPEC, allowAll);
    expect(of('request.opened'), 'the second command was not asked about').toHaveLength(1);
    expect(readFileSync(told, 'utf8')).toBe(`${readlinkSync('/proc/self/ns/pid')}\n`);
    expect(outcome.status, 'its configuration is no longer there').toBe('failed');
  });

  it('keeps that home and our data where they are, since both are denied', async () => {
    const data = subdirectory(testDirectory('kept'), 'data');
    const script = [
      escalate(`mv '${data}' '${data}-gone'; mv '${data}/runs' '${data}/gone'`, 'I need it'),
      say('done'),
    ];
    const place = await makePlace({ optio: { dataDir: data }, script });
    const { outcome } = await watchRun(place, SPEC, allowAll);
    expect(place.model.requests.at(-1)?.outputs.join()).toMatch(/Device or resource busy\n.*Permission denied/);
    expect([outcome.status, outcome.error]).toEqual(['done', undefined]);
  });
});
