import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../src/contract/event.ts';
import { addFile, callTool, escalate, type ModelRequest, say, shell } from '../../../src/testing/index.ts';
import { subdirectory, testDirectory } from '../../support/directories.ts';
import { codexOf } from '../../support/processes.ts';
import { allowAll, makePlace, type RunPlace, watchRun } from '../../support/run.ts';
import { answerForEver } from './second-client.ts';

const KEY = 'sk-canary-of-the-traps';

/** The private directory of a run, and what is to be seen of its codex. */
function readPrivate({ dataDir }: Pick<RunPlace, 'dataDir'>, runId: string) {
  const directory = join(dataDir, 'runs', runId);
  const ofCodex = (file: string) => {
    const pid = codexOf({ name: 'OPTIO_CODEX_RUN', value: runId });
    return readFileSync(`/proc/${pid}/${file}`, 'utf8').split('\0').join('\n');
  };
  return { directory, home: join(directory, 'codex'), ofCodex };
}

const isCommand = (event: RunEvent) => event.type === 'item.completed' && event.item.kind === 'command';

describe('the private places of a run', () => {
  it('keep the key out of every argument, variable and profile, and the variables that redirect logins from codex', async () => {
    const place = await makePlace({
      env: {
        KEY,
        CODEX_REFRESH_TOKEN_URL_OVERRIDE: 'http://evil.example',
        CODEX_APP_SERVER_LOGIN_ISSUER: 'http://evil.example',
      },
    });
    const seen: string[] = [];
    let mode = 0;
    const { outputs, outcome } = await watchRun(
      place,
      {
        instructions: "!run tr '\\0' '\\n' < /proc/1/cmdline\n!say done",
        provider: { baseUrl: place.model.url, keyVariable: 'KEY' },
      },
      (event, handle) => {
        if (!isCommand(event)) return;
        const { home, ofCodex } = readPrivate(place, handle.id);
        seen.push(ofCodex('cmdline'), ofCodex('environ'));
        mode = statSync(home).mode & 0o777;
      },
    );
    expect([outcome.status, outcome.error]).toEqual(['done', undefined]);
    expect(place.model.requests[0]?.headers.authorization).toBe(`Bearer ${KEY}`);
    expect(outputs.join(), 'a command sees the whole profile').toContain(place.dataDir);
    for (const text of [...seen, ...outputs]) {
      expect(text).not.toContain(KEY);
      expect(text).not.toContain('evil.example');
    }
    expect(seen.join()).toContain('CODEX_HOME=');
    expect(mode).toBe(0o700);
  });

  it('leave the home of the user as it was, and nothing there reaches the model', async () => {
    const place = await makePlace();
    const codexHome = subdirectory(place.home, '.codex');
    writeFileSync(join(codexHome, 'AGENTS.md'), 'CANARY-guide-of-the-user');
    writeFileSync(join(codexHome, 'config.toml'), 'this is = no TOML');
    const { outcome } = await watchRun(place, { instructions: '!say done' });
    expect([outcome.status, outcome.error]).toEqual(['done', undefined]);
    expect(JSON.stringify(place.model.requests[0]?.body)).not.toContain('CANARY');
    expect([readdirSync(place.home), readdirSync(codexHome).sort()]).toEqual([
      ['.codex'],
      ['AGENTS.md', 'config.toml'],
    ]);
  });

  it('may be reached by a link, which codex could not deny', async () => {
    const root = testDirectory('linked');
    symlinkSync(subdirectory(root, 'real'), join(root, 'link'));
    const place = await makePlace({ optio: { dataDir: join(root, 'link') } });
    writeFileSync(join(root, 'real', 'secret'), 'CANARY-behind-the-link');
    const { outcome, outputs } = await watchRun(place, {
      instructions: `!run ls; cat '${join(root, 'link', 'secret')}' '${join(root, 'real', 'secret')}'; echo ran\n!say done`,
    });
    expect([outcome.status, outcome.error]).toEqual(['done', undefined]);
    expect(outputs.join()).toContain('ran');
    expect(outputs.join()).not.toContain('CANARY');
  });
});

describe('what a run may be asked, and by whom it is answered', () => {
  it('is a question of the model too, which codex keeps back unless it is told otherwise', async () => {
    const place = await makePlace();
    const { of } = await watchRun(
      place,
      { instructions: '!ask Which colour? | red | green\n!say done', permissionGate: true },
      async (event, handle) => {
        if (event.type !== 'request.opened') return;
        await handle.answer(event.request.id, { kind: 'answers', answers: { q1: ['green'] } });
      },
    );
    expect(of('request.opened')).toMatchObject([{ request: { kind: 'question' } }]);
    expect(place.model.requests.at(-1)?.outputs.join()).toContain('green');
  });

  it('is a patch outside of the workspace, applied without the sandbox once allowed, but no command that just fails there', async () => {
    for (const behavior of ['deny', 'allow'] as const) {
      const outside = testDirectory('outside');
      const [byCommand, byPatch] = [join(outside, 'by-command'), join(outside, 'by-patch')];
      const place = await makePlace({ script: [shell(`touch '${byCommand}'`), addFile(byPatch, 'text'), say('done')] });
      const { of, outcome } = await watchRun(
        place,
        { instructions: 'go', permissionGate: true },
        async (event, handle) => {
          if (event.type === 'request.opened') await handle.answer(event.request.id, { kind: 'decision', behavior });
        },
      );
      expect([outcome.status, outcome.error]).toEqual(['done', undefined]);
      expect(of('request.opened')).toMatchObject([{ request: { kind: 'fileChange', sandboxed: 'no' } }]);
      expect([existsSync(byPatch), existsSync(byCommand)]).toEqual([behavior === 'allow', false]);
    }
  });

  it('has no effect for a patch right beside what is denied, allowed or not', async () => {
    const place: RunPlace = await makePlace({
      script: ({ outputs }) => [outputs.length === 0 ? addFile(join(place.home, 'by-patch'), 'text') : say('done')],
    });
    const { of, outcome } = await watchRun(place, { instructions: 'go', permissionGate: true }, allowAll);
    expect([outcome.status, outcome.error]).toEqual(['done', undefined]);
    expect(of('request.answered')).toMatchObject([{ answer: { behavior: 'allow' } }]);
    const changes = of('item.completed').flatMap(({ item }) => (item.kind === 'fileChange' ? [item.status] : []));
    expect(changes).toEqual(['failed']);
    expect(existsSync(join(place.home, 'by-patch'))).toBe(false);
  });

  it('may come from a sub-agent, on a thread of its own, which is confined as the run is', async () => {
    const place: RunPlace = await makePlace({ script: (request) => parentAndChild(place, request) });
    const secret = subdirectory(place.home, '.ssh');
    writeFileSync(join(secret, 'id'), 'CANARY-of-the-sub-agent');
    const { of, outcome } = await watchRun(place, { instructions: 'parent', permissionGate: true }, allowAll);
    expect(outcome).toMatchObject({ status: 'done', text: 'parent done' });
    const [opened] = of('request.opened');
    expect(opened?.request).toMatchObject({ kind: 'command', sandboxed: 'no' });
    expect(opened?.request.threadId).not.toBe(outcome.threadId);
    expect(JSON.stringify(place.model.requests.map(({ body }) => body))).not.toContain('CANARY');
    expect(readdirSync(place.home).sort()).toEqual(['.ssh', 'by-escalation']);
  });

  it('is answered for ever by nobody: a rule that another client had codex write down fails the run', async () => {
    const place = await makePlace({ script: [escalate('touch made'), say('done')] });
    const { outcome } = await watchRun(place, { instructions: 'go', permissionGate: true }, (event, handle) => {
      if (event.type !== 'request.opened') return;
      void answerForEver(realpathSync(join(readPrivate(place, handle.id).home, 'app-server.sock')), ['touch']);
    });
    expect(outcome).toMatchObject({
      status: 'failed',
      error: { code: 'sandbox-changed', message: expect.stringContaining('rules were added') },
    });
  });
});

describe('the files of a repository', () => {
  it('reach the model as text: a skill does, although nothing of it is run', async () => {
    const place = await makePlace();
    const skill = subdirectory(place.workspace, '.agents', 'skills', 'greet');
    writeFileSync(
      join(skill, 'SKILL.md'),
      '---\nname: greet\ndescription: Greets with WORDS-OF-THE-SKILL.\n---\nHello.\n',
    );
    mkdirSync(join(place.workspace, '.git'));
    await watchRun(place, { instructions: '!say done' });
    expect(JSON.stringify(place.model.requests[0]?.body)).toContain('WORDS-OF-THE-SKILL');
  });
});

/** The parent starts a child and waits for it; the child tries what the parent must not do either. */
function parentAndChild({ home }: RunPlace, { userText, outputs }: ModelRequest) {
  if (userText.includes('child')) {
    const tries = [
      shell(`cat '${home}/.ssh/id'; touch '${home}/by-command'`),
      escalate(`cat '${home}/.ssh/id'; touch '${home}/by-escalation'`),
    ];
    return [tries[outputs.length] ?? say('child done')];
  }
  const [spawned = ''] = outputs;
  if (outputs.length === 0) return [callTool('spawn_agent', { message: 'child' }, 'multi_agent_v1')];
  const targets = [/"agent_id":"([^"]+)"/.exec(spawned)?.[1]];
  return [outputs.length === 1 ? callTool('wait_agent', { targets }, 'multi_agent_v1') : say('parent done')];
}
