import { chownSync, existsSync, mkdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type CallStep, escalate, say, shell } from '../../../src/testing/index.ts';
import { BINARIES, NEWEST, OLDEST, startCodex, startConversation, type TestedBinary } from '../../support/codex.ts';
import { subdirectory } from '../../support/directories.ts';
import { notification } from '../../support/events.ts';
import { NOBODY, skipFor } from '../../support/privileges.ts';
import { CANARY, layOutLocked, outputsOf, withProfile } from './locked.ts';

const ATTENDED = { permissionGate: true } as const;

/** A command that says whether it reaches a server of this machine. */
async function connectToServer(): Promise<string> {
  const server = createServer((_, response) => response.end('REACHED\n'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `curl -sS -m 20 http://127.0.0.1:${(server.address() as AddressInfo).port}/ 2>&1`;
}

/** Lets codex run these with a rule in its home that allows `touch`. Gives what was asked. */
async function runWithRule(
  binary: TestedBinary,
  config: Record<string, unknown>,
  calls: CallStep[],
): Promise<string[]> {
  const script = [...calls, say('done')];
  const conversation = { sandbox: null, ...ATTENDED };
  const started = await startCodex({ binary, config, script, conversation });
  mkdirSync(join(started.home, 'rules'));
  const rule = 'prefix_rule(pattern=["touch"], decision="allow")\n';
  writeFileSync(join(started.home, 'rules', 'default.rules'), rule);
  const asked: string[] = [];
  started.conversation.onPermissionRequest(({ toolName }) => {
    asked.push(toolName);
    return { behavior: 'deny' };
  });
  await started.conversation.bootstrap();
  await (await started.conversation.send('go')).completed;
  return asked;
}

describe.each(BINARIES)('what runs without the limits of the sandbox with codex $version', (binary) => {
  it('is an accepted escalation, network and all, unless the profile denies something, also a strict one', async () => {
    const { outside, config } = layOutLocked();
    const connect = await connectToServer();
    const strict = {
      ':minimal': 'read',
      [dirname(dirname(binary.path))]: 'read',
      ':workspace_roots': { '.': 'write' },
    };
    const ours = readlinkSync('/proc/self/ns/pid');
    const denials = { [join(outside, 'nothing')]: 'deny' };
    const outputWith = async (more: Record<string, unknown>) => {
      const call = escalate(`${connect}; readlink /proc/self/ns/pid; echo ran`, 'I need it');
      return (await outputsOf([call], { binary, config: more, conversation: ATTENDED })).join();
    };
    for (const open of [{ extends: ':workspace' }, { filesystem: strict }])
      expect(await outputWith(withProfile(open))).toContain(`REACHED\n${ours}\nran\n`);
    for (const locked of [config, withProfile({ filesystem: { ...strict, ...denials } })]) {
      const output = await outputWith(locked);
      expect(output).toContain('ran\n');
      for (const freedom of ['REACHED', ours]) expect(output).not.toContain(freedom);
    }
  });

  it('is what a rule allows, without a question, unless the profile denies something: then it stays in the sandbox', async () => {
    const { outside, config } = layOutLocked();
    const touch = (name: string) => `touch '${join(outside, name)}'`;
    const calls = (name: string) => [shell(touch(`${name}-plain`)), escalate(touch(`${name}-escalated`), 'I need it')];
    expect(await runWithRule(binary, withProfile({ extends: ':workspace' }), calls('open'))).toEqual([]);
    expect(await runWithRule(binary, config, calls('locked'))).toEqual([]);
    const made = ['open-plain', 'open-escalated', 'locked-plain', 'locked-escalated'];
    expect(made.filter((name) => existsSync(join(outside, name)))).toEqual(['open-plain', 'open-escalated']);
  });

  it('is every MCP server of the configuration', async () => {
    const { outside, config } = layOutLocked();
    const told = join(outside, 'told');
    const server = { command: 'sh', args: ['-c', `readlink /proc/self/ns/pid > '${told}'`] };
    const { event } = await startConversation({
      binary,
      config: { ...config, mcp_servers: { server } },
      conversation: { sandbox: null },
    });
    const isFailed = ({ status }: { status: string }) => status === 'failed';
    await event(notification('mcpServer/startupStatus/updated', isFailed));
    expect(readFileSync(told, 'utf8')).toBe(`${readlinkSync('/proc/self/ns/pid')}\n`);
  });

  it('is no plain command, although one is asked about: it fails outside of the sandbox even when it is accepted', async () => {
    const { outside, secret, config } = layOutLocked();
    const options = { binary, config, conversation: { ...ATTENDED, approvalPolicy: 'untrusted' } } as const;
    const [output] = await outputsOf([shell(`touch '${outside}/made' inside; cat '${secret}'; echo ran`)], options);
    expect(output).toMatch(/Read-only file system\n(.*\n)*ran\n/);
    expect(output).not.toContain(CANARY);
    expect(existsSync(join(outside, 'made'))).toBe(false);
  });
});

describe('what a denial leaves to an accepted escalation', () => {
  it('is to write outside of the workspace (0.169), or nothing (0.142)', async () => {
    const hasWritten = async (binary: TestedBinary) => {
      const { outside, config } = layOutLocked();
      const made = join(outside, 'made');
      await outputsOf([escalate(`touch '${made}'`, 'I need it')], { binary, config, conversation: ATTENDED });
      return existsSync(made);
    };
    expect(await hasWritten(NEWEST)).toBe(true);
    expect(await hasWritten(OLDEST)).toBe(false);
  });

  it('is to write what the owner and the mode let this user write, also as root: it has no capabilities (0.169)', async ({
    skip,
  }) => {
    skipFor(process.getuid?.() === 0 ? undefined : 'only root has capabilities to lose', skip);
    const { outside, config } = layOutLocked();
    const [mine, theirs] = [subdirectory(outside, 'mine'), subdirectory(outside, 'theirs')];
    chownSync(theirs, NOBODY.uid, NOBODY.gid);
    const command = [mine, theirs].map((directory) => `touch '${directory}/made' 2>&1`).join('; ');
    const options = { binary: NEWEST, config, conversation: ATTENDED };
    const output = (
      await outputsOf([escalate(`${command}; grep CapEff /proc/self/status`, 'I need it')], options)
    ).join();
    expect(output).toMatch(/theirs\/made': Permission denied\nCapEff:\s0+\n/);
    expect([mine, theirs].map((directory) => existsSync(join(directory, 'made')))).toEqual([true, false]);
  });
});
