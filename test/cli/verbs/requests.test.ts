import { describe, expect, it } from 'vitest';
import type { Request } from '../../../src/contract/request.ts';
import type { OpenRequest } from '../../../src/contract/run-summary.ts';
import { OptioError } from '../../../src/errors.ts';
import { runCommandLine } from '../../support/command-line.ts';
import { COMMAND_REQUEST } from '../../support/run-events.ts';
import { detailsOf, LAUNCHED_AT, RUN_ID } from '../../support/run-summary.ts';
import { scriptApi } from '../../support/scripted-api.ts';

const { sandboxed: _, ...common } = COMMAND_REQUEST;
const COMMAND: Request = { ...COMMAND_REQUEST, id: 'request-5f0c000000000000', command: 'npm test\nrm -rf \u001b[2Jx' };
const QUESTION: Request = {
  ...common,
  id: 'request-aaaa000000000000',
  kind: 'question',
  questions: [{ id: 'q', header: 'Colour', question: 'Which?', options: [], allowsOther: true, isSecret: false }],
};
const PAGE: Request = {
  ...common,
  id: 'request-bbbb000000000000',
  kind: 'elicitation',
  server: 'docs',
  message: 'Visit',
};
const FORM: Request = { ...PAGE, schema: { properties: { name: { type: 'string' } } } };

const open = (...requests: Request[]): OpenRequest[] =>
  requests.map((request) => ({ runId: RUN_ID, openedAt: LAUNCHED_AT, request }));
const begin = (...requests: Request[]) => scriptApi({ runs: [detailsOf()], requests: open(...requests) });

describe('requests', () => {
  it('lists what waits, each on its line', async () => {
    const { stdout } = await runCommandLine(begin(COMMAND, QUESTION).api, ['requests']);
    expect(stdout.split('\n')).toEqual([
      'REQUEST                   RUN                   KIND      WHAT               SANDBOXED  ASKED',
      `request-5f0c000000000000  ${RUN_ID}  command   npm test rm -rf x  no         5 min ago`,
      `request-aaaa000000000000  ${RUN_ID}  question  Which?                        5 min ago`,
      '',
    ]);
  });

  it('shows all of what one run asks, and how to name it', async () => {
    const { stdout } = await runCommandLine(begin(COMMAND, QUESTION).api, ['requests', '@last']);
    expect(stdout).toContain('? Codex asks to run a command\n    npm test\n    rm -rf x\n    in /repo/space\n');
    expect(stdout).toContain('! Not confined to the workspace');
    expect(stdout).toContain(`    ${RUN_ID}/request-5f0c000000000000  5 min ago  (approve, deny)\n`);
    expect(stdout).toContain(`(answer, deny)\n`);
  });

  it('says that nothing waits', async () => {
    expect((await runCommandLine(begin().api, ['requests'])).stdout).toBe('Nothing waits for an answer.\n');
    expect((await runCommandLine(begin().api, ['requests', '@last'])).stdout).toBe('Nothing waits for an answer.\n');
  });

  it('prints JSON', async () => {
    const { stdout } = await runCommandLine(begin(COMMAND).api, ['requests', '@last', '--json']);
    expect(JSON.parse(stdout)).toEqual({ requests: open(COMMAND) });
  });
});

describe('approve and deny', () => {
  const from = { via: 'command line' };

  it.each<[string, Request, string[], object]>([
    ['a yes', COMMAND, ['approve', '5f0c'], { kind: 'decision', behavior: 'allow' }],
    [
      'a lasting yes',
      COMMAND,
      ['approve', '5f0c', '--for-session'],
      { kind: 'decision', behavior: 'allow', forSession: true },
    ],
    ['a yes to a page', PAGE, ['approve', '@last'], { kind: 'form', action: 'accept', content: {} }],
    ['a no', COMMAND, ['deny', '5f0c'], { kind: 'decision', behavior: 'deny' }],
    [
      'a no with a reason that stops the turn',
      COMMAND,
      ['deny', '@last', '--stop', '--message', 'why'],
      { kind: 'decision', behavior: 'deny', interrupt: true, message: 'why' },
    ],
    ['a no to a question', QUESTION, ['deny', 'aaaa'], { kind: 'answers', answers: {} }],
    ['a no to a form', FORM, ['deny', 'bbbb'], { kind: 'form', action: 'decline' }],
  ])('give %s', async (_what, request, argv, answer) => {
    const { api, calls } = begin(request);
    expect((await runCommandLine(api, argv)).code).toBe(0);
    const given = [RUN_ID, request.id, answer, from].map((value) => JSON.stringify(value)).join(' ');
    expect(calls).toEqual([`answer ${given}`]);
  });

  it('say what it is that was allowed, and that it is not confined', async () => {
    const { stdout } = await runCommandLine(begin(COMMAND).api, ['approve', '@last']);
    expect(stdout).toBe('Allowed: npm test rm -rf x (not confined to the workspace)\n');
    const confined: Request = { ...COMMAND_REQUEST, sandboxed: 'yes' };
    expect((await runCommandLine(begin(confined).api, ['deny', '@last'])).stdout).toBe('Declined: ls\n');
    expect((await runCommandLine(begin(confined).api, ['deny', '@last', '--stop'])).stdout).toBe(
      `Declined: ls\nIts turn ends, and the run waits for you: optio-codex send ${RUN_ID} "…" · ` +
        `optio-codex finish ${RUN_ID} · optio-codex cancel ${RUN_ID}\n`,
    );
    const { stdout: json } = await runCommandLine(begin(COMMAND).api, ['approve', '@last', '--json']);
    expect(JSON.parse(json)).toEqual({ run: RUN_ID, request: COMMAND.id });
  });

  it.each<[string, Request, string[]]>([
    ['a yes to a question', QUESTION, ['approve', '@last']],
    ['a yes to a form', FORM, ['approve', '@last']],
    ['a lasting yes to a page', PAGE, ['approve', '@last', '--for-session']],
    ['the end of a turn for a question', QUESTION, ['deny', '@last', '--stop']],
  ])('do not give %s', async (_what, request, argv) => {
    const { api, calls } = begin(request);
    expect((await runCommandLine(api, argv)).code).toBe(2);
    expect(calls).toEqual([]);
  });

  it('say that somebody else was faster', async () => {
    const answer = async () => Promise.reject(new OptioError('not-found', 'it is not open any more'));
    const { api } = scriptApi({ runs: [detailsOf()], requests: open(COMMAND), handle: { answer } });
    const { code, stdout, stderr } = await runCommandLine(api, ['approve', '@last']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('it is not open any more');
  });
});
