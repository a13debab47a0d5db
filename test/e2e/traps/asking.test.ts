import { appendFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import type { PermissionRequest } from '../../../src/codex/permission.ts';
import { addFile, callTool, endTurn, escalate, patch, say, shell } from '../../../src/testing/index.ts';
import { startBare } from '../../support/bare-client.ts';
import {
  BINARIES,
  NEWEST,
  OLDEST,
  type StartOptions,
  startConversation,
  type TestedBinary,
} from '../../support/codex.ts';
import { takeTurn } from './bare-turn.ts';
import { layOutLocked } from './locked.ts';

const DECLINED = { decision: 'decline' };

/** Takes a turn in which whatever is asked is allowed for the session, and gives what was asked. */
async function allowForSession(options: StartOptions) {
  const attended = { permissionGate: true, sandbox: null, ...options.conversation };
  const started = await startConversation({ ...options, conversation: attended });
  const asked: PermissionRequest[] = [];
  started.conversation.onPermissionRequest((request) => {
    asked.push(request);
    return { behavior: 'allow', forSession: true };
  });
  await (await started.conversation.send('go')).completed;
  return { ...started, asked };
}

describe.each(BINARIES)('what codex $version asks', (binary) => {
  it('is everything on a thread without a policy in an untrusted directory, and nothing where the policy says so', async () => {
    const script = [shell('touch made'), addFile('patched', 'text'), say('done')];
    for (const approvalPolicy of [undefined, 'never'] as const) {
      const bare = await startBare({ binary, script });
      const projects = { [bare.workspace]: { trust_level: 'untrusted' } };
      appendFileSync(join(bare.home, 'config.toml'), stringify({ projects }));
      const params = { cwd: bare.workspace, ...(approvalPolicy && { approvalPolicy }) };
      const { thread } = await bare.client.call('thread/start', params);
      const turn = await takeTurn(bare, { threadId: thread.id }, approvalPolicy ? [] : [DECLINED, DECLINED]);
      const methods = ['item/commandExecution/requestApproval', 'item/fileChange/requestApproval'];
      expect(turn.asked.map(({ method }) => method)).toEqual(approvalPolicy ? [] : methods);
      const isMade = ['made', 'patched'].map((name) => existsSync(join(bare.workspace, name)));
      expect(isMade).toEqual(approvalPolicy ? [true, true] : [false, false]);
    }
  });

  it('offers no yes for the session, takes one for this very command or file, and forgets it with the process', async () => {
    const { outside, config } = layOutLocked();
    const touch = (name: string) => `touch '${join(outside, name)}'`;
    const file = join(outside, 'file');
    const change = patch(`*** Begin Patch\n*** Update File: ${file}\n@@\n-old\n+new\n*** End Patch`);
    const calls = [...['a', 'a', 'b'].map((name) => escalate(touch(name), 'I need it')), addFile(file, 'old'), change];
    const script = [...calls, say('done'), endTurn(), escalate(touch('a'), 'I need it'), say('done')];
    const first = await allowForSession({ binary, config, script });
    expect(first.asked.map(({ toolName }) => toolName)).toEqual([touch('a'), touch('b'), 'file change']);
    expect(first.asked[0]?.input).toHaveProperty('availableDecisions', ['accept', expect.any(Object), 'cancel']);
    expect(readFileSync(file, 'utf8')).toBe('new\n');
    await first.codex.stop();
    const resumeThreadId = first.conversation.threadId ?? '';
    const second = await allowForSession({ binary, from: first, conversation: { resumeThreadId } });
    expect(second.asked.map(({ toolName }) => toolName)).toEqual([touch('a')]);
  });

  it('widens the profile when more permissions are granted', async () => {
    const { outside, config } = layOutLocked();
    const permissions = { file_system: { write: [outside] } };
    const { asked } = await allowForSession({
      binary,
      config: { ...config, features: { request_permissions_tool: true } },
      script: [
        shell(`touch '${outside}/before'`),
        callTool('request_permissions', { reason: 'I need it', permissions }),
        shell(`touch '${outside}/after'`),
        say('done'),
      ],
    });
    expect(asked.map(({ kind }) => kind)).toEqual(['permissions']);
    expect(readdirSync(outside)).toEqual(['after']);
  });

  it('is never again what a rule covers, whatever was proposed: it is written down, and read by every later process', async () => {
    const { outside, config } = layOutLocked();
    const [proposed, covered] = [`touch '${outside}/made'`, `bash -c "touch '${outside}/made'"`];
    const script = [proposed, covered].flatMap((command) => [escalate(command, 'I need it'), say('done'), endTurn()]);
    const first = await startBare({ binary, config, script });
    const start = { cwd: first.workspace, approvalPolicy: 'on-request' } as const;
    const { thread } = await first.client.call('thread/start', start);
    const decision = { acceptWithExecpolicyAmendment: { execpolicy_amendment: ['bash'] } };
    const { asked } = await takeTurn(first, { threadId: thread.id }, [{ decision }]);
    expect(asked[0]?.params).toHaveProperty('proposedExecpolicyAmendment', ['touch', `${outside}/made`]);
    await first.codex.stop();
    const rules = readFileSync(join(first.home, 'rules', 'default.rules'), 'utf8');
    expect(rules).toBe('prefix_rule(pattern=["bash"], decision="allow")\n');
    const second = await startBare({ binary, from: first });
    await second.client.call('thread/resume', { threadId: thread.id });
    const turn = await takeTurn(second, { threadId: thread.id });
    expect(turn.asked).toEqual([]);
    expect(turn.outputs.join(), 'it ran, in the sandbox').toContain('Read-only file system');
  });
});

describe('an escalation under "untrusted"', () => {
  it('is asked about (0.169), or refused without a question (0.142)', async () => {
    const escalationWith = async (binary: TestedBinary) => {
      const { outside, config } = layOutLocked();
      const script = [escalate(`touch '${outside}/made'`, 'I need it'), say('done')];
      const conversation = { approvalPolicy: 'untrusted' } as const;
      const { asked, model } = await allowForSession({ binary, config, script, conversation });
      const output = model.requests.at(-1)?.outputs.join();
      return { asked: asked.map(({ sandboxed }) => sandboxed), made: readdirSync(outside), output };
    };
    expect(await escalationWith(NEWEST)).toMatchObject({ asked: ['no'], made: ['made'] });
    const output = expect.stringContaining('approval policy is UnlessTrusted; reject command');
    expect(await escalationWith(OLDEST)).toEqual({ asked: [], made: [], output });
  });
});

describe('an answer that is none', () => {
  it('fails the command (0.169) or declines it (0.142), and an error fails it; a patch is declined each time', async () => {
    const statusesOf = async (binary: TestedBinary, answer: object | 'refuse') => {
      const script = [shell('touch made'), addFile('patched', 'text'), say('done')];
      const bare = await startBare({ binary, script });
      const start = { cwd: bare.workspace, approvalPolicy: 'untrusted', sandbox: 'workspace-write' } as const;
      const { thread } = await bare.client.call('thread/start', start);
      await takeTurn(bare, { threadId: thread.id }, [answer, answer]);
      expect(readdirSync(bare.workspace)).toEqual([]);
      return bare.of('item/completed').flatMap(({ item }) => ('status' in item ? [item.status] : []));
    };
    const none = { decision: 'nonsense' };
    expect(await statusesOf(NEWEST, none)).toEqual(['failed', 'declined']);
    expect(await statusesOf(OLDEST, none)).toEqual(['declined', 'declined']);
    for (const binary of BINARIES) expect(await statusesOf(binary, 'refuse')).toEqual(['failed', 'declined']);
  });
});
