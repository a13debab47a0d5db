import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { RunEvent } from '../../../src/contract/event.ts';
import type { ApprovalRule } from '../../../src/contract/rule.ts';
import { LocalHost } from '../../../src/hosts/local.ts';
import { createCodexTask } from '../../../src/session/task.ts';
import { addFile, escalate, ScriptedModel, say, shell } from '../../../src/testing/index.ts';
import { subdirectory, testDirectory } from '../../support/directories.ts';
import { openEngine } from '../../support/engine.ts';
import { makePlace } from '../../support/run.ts';

it('a rule says yes to what stays in the sandbox only under "untrusted", and only to a change of files', async () => {
  const answersUnder = async (approvalPolicy: 'untrusted' | 'on-request') => {
    const place = await makePlace({
      script: [addFile('docs/a.md', 'a'), addFile('b.md', 'b'), shell('touch docs/c.md'), say('done')],
    });
    const rules: ApprovalRule[] = [
      { name: 'the docs', behavior: 'allow', matches: { kind: 'fileChange', paths: ['docs/**'] } },
      { name: 'touch', behavior: 'allow', matches: { kind: 'command', prefixes: [['touch']] } },
    ];
    const run = await place.optio.run(
      {
        instructions: 'Go',
        workspace: { directory: place.workspace },
        provider: { baseUrl: place.model.url },
        model: 'scripted',
        permissionGate: true,
        approvalPolicy,
      },
      { rules, requests: { expireAfterMs: 1 } },
    );
    const answers: string[] = [];
    for await (const event of run.events()) if (event.type === 'request.answered') answers.push(event.by);
    const made = ['docs/a.md', 'b.md', 'docs/c.md'].filter((name) => existsSync(join(place.workspace, name)));
    return { answers, made };
  };
  expect(await answersUnder('untrusted')).toEqual({
    answers: ['rule the docs', 'expiry', 'expiry'],
    made: ['docs/a.md'],
  });
  expect(await answersUnder('on-request'), 'nobody is asked').toEqual({
    answers: [],
    made: ['docs/a.md', 'b.md', 'docs/c.md'],
  });
});

it('rules answer what the real codex asks, and time answers the rest', async () => {
  const root = testDirectory('rules');
  const [home, workspace] = [subdirectory(root, 'home'), subdirectory(root, 'workspace')];
  const outside = subdirectory(root, 'outside');
  const model = await ScriptedModel.start({
    script: [
      escalate(`touch ${outside}/allowed`, 'It is needed.'),
      escalate(`touch ${outside}/a; rm -rf ${outside}/allowed`, 'It is needed.'),
      escalate(`touch ${outside}/b > ${outside}/c`, 'It is needed.'),
      shell(`touch ${outside}/d`, { escalate: 'It is needed.', workdir: outside }),
      addFile(`${outside}/patched.md`, 'hello'),
      say('done'),
    ],
  });
  onTestFinished(() => model.close());
  const env = { PATH: process.env.PATH, LANG: 'C.UTF-8', HOME: home };
  const data = subdirectory(root, 'data');
  const directories = { data, workspaces: join(root, 'workspaces') };
  const { engine } = await openEngine({ directory: data, directories, env, host: new LocalHost({ home }) });
  const told: string[] = [];
  await engine.tasks.define(
    createCodexTask({
      id: 'ruled',
      name: 'Ruled',
      config: {
        instructions: 'Go',
        autoStart: true,
        endRule: 'firstTurn',
        workspace: { directory: workspace },
        provider: { baseUrl: model.url },
        model: 'scripted',
        permissionGate: true,
      },
      rules: [
        { name: 'no rm', behavior: 'deny', matches: { kind: 'command', prefixes: [['rm']] } },
        { name: 'touch', behavior: 'allow', matches: { kind: 'command', prefixes: [['touch']] }, sandboxed: 'any' },
        {
          name: 'notes',
          behavior: 'allow',
          matches: { kind: 'fileChange', paths: [`${outside}/*.md`] },
          sandboxed: 'any',
        },
      ],
      requests: { expireAfterMs: 1 },
      onRequest: ({ request }) => told.push(request.kind === 'command' ? request.command : request.kind),
    }),
  );
  const { id } = await engine.launch('ruled');
  const events: RunEvent[] = [];
  for await (const event of engine.runs.events(id)) events.push(event);
  expect(await engine.runs.outcome(id)).toMatchObject({ status: 'done', text: 'done' });
  const answers = events.flatMap((event) => (event.type === 'request.answered' ? [event.by] : []));
  expect(answers).toEqual(['rule touch', 'rule no rm', 'expiry', 'expiry', 'rule notes']);
  expect(told).toEqual([`touch ${outside}/b > ${outside}/c`, `touch ${outside}/d`]);
  const made = ['allowed', 'a', 'b', 'c', 'd', 'patched.md'].filter((name) => existsSync(join(outside, name)));
  expect(made).toEqual(['allowed', 'patched.md']);
});
