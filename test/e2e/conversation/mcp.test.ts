import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Request } from '../../../src/contract/request.ts';
import { callTool, type ModelRequest, say, shell } from '../../../src/testing/index.ts';
import { BINARIES, NEWEST, type StartOptions, startConversation } from '../../support/codex.ts';

const server = join(import.meta.dirname, '../../fakes/mcp-server.ts');
const test = { command: process.execPath, args: [server] };

/** Calls a tool of the server once the model has been offered it, however the version names it. */
function callOnce(tool: string, input: object) {
  let isCalled = false;
  return ({ body }: ModelRequest) => {
    if (isCalled) return [say('done')];
    isCalled = true;
    const { namespace, name } = findTool(body.tools as OfferedTool[], tool);
    return [callTool(name, input, namespace)];
  };
}

interface OfferedTool {
  readonly type: string;
  readonly name?: string;
  readonly tools?: readonly OfferedTool[];
}

function findTool(tools: readonly OfferedTool[], tool: string): { name: string; namespace?: string } {
  for (const offered of tools) {
    if (offered.type === 'namespace' && offered.name?.includes('test')) {
      const inner = offered.tools?.find((candidate) => candidate.name?.endsWith(tool));
      if (inner?.name) return { name: inner.name, namespace: offered.name };
    }
    if (offered.name?.includes('test') && offered.name.endsWith(tool)) return { name: offered.name };
  }
  return { name: `mcp__test__${tool}` };
}

async function startWithServer(options: StartOptions) {
  const started = await startConversation({ config: { mcp_servers: { test } }, ...options });
  // The tools are offered once the server is up, and codex does not wait for it.
  await started.event(
    (told) =>
      'method' in told && told.method === 'mcpServer/startupStatus/updated' && JSON.stringify(told).includes('"ready"'),
  );
  return started;
}

describe.each(BINARIES)('MCP servers with codex $version', (binary) => {
  it('asks for permission to call a tool, and calls it when it is given', async () => {
    const { conversation, model } = await startWithServer({
      binary,
      script: callOnce('echo', { text: 'hello' }),
      conversation: { permissionGate: true },
    });
    const asked: unknown[] = [];
    conversation.onPermissionRequest(({ kind, toolName, sandboxed }) => {
      asked.push({ kind, toolName, sandboxed });
      return { behavior: 'allow' };
    });
    await expect((await conversation.send('go')).completed).resolves.toMatchObject({ text: 'done' });
    expect(asked).toEqual([{ kind: 'mcpTool', toolName: 'test', sandboxed: 'no' }]);
    expect(model.requests.at(-1)?.outputs.join()).toContain('echo: hello');
  });

  it('does not call a tool when permission is denied, and the turn goes on', async () => {
    const { conversation, model } = await startWithServer({
      binary,
      script: callOnce('echo', { text: 'hello' }),
      conversation: { permissionGate: true },
    });
    conversation.onPermissionRequest(() => ({ behavior: 'deny' }));
    await expect((await conversation.send('go')).completed).resolves.toMatchObject({ text: 'done' });
    expect(model.requests.at(-1)?.outputs.join()).toContain('user rejected MCP tool call');
  });

  it('calls no tool that needs permission when nobody is there to give it', async () => {
    const { conversation, model } = await startWithServer({ binary, script: callOnce('echo', { text: 'hello' }) });
    await expect((await conversation.send('go')).completed).resolves.toMatchObject({ text: 'done' });
    expect(model.requests.at(-1)?.outputs.join()).toMatch(/user rejected MCP tool call|approval policy is never/);
  });

  it('runs a command without a question under "never", but no tool: that is refused (0.169), or asked about (0.142)', async () => {
    const call = callOnce('echo', { text: 'hello' });
    const { conversation, model } = await startWithServer({
      binary,
      script: (request) => (request.number === 1 ? [shell('echo ran')] : call(request)),
      conversation: { permissionGate: true, approvalPolicy: 'never' },
    });
    const asked: string[] = [];
    conversation.onPermissionRequest(({ kind }) => {
      asked.push(kind);
      return { behavior: 'allow' };
    });
    await expect((await conversation.send('go')).completed).resolves.toMatchObject({ text: 'done' });
    const [command, tool] = model.requests.at(-1)?.outputs ?? [];
    expect(command).toContain('ran\n');
    const isNewest = binary === NEWEST;
    expect(asked).toEqual(isNewest ? [] : ['mcpTool']);
    expect(tool).toContain(isNewest ? 'approval policy is never' : 'echo: hello');
  });

  it('brings what a server wants to know to a person, and the answer back', async () => {
    const { conversation, model } = await startWithServer({
      binary,
      script: callOnce('form', {}),
      conversation: { permissionGate: true },
    });
    conversation.onPermissionRequest(() => ({ behavior: 'allow' }));
    const asked: Request[] = [];
    conversation.onRequest('elicitation', async (request) => {
      asked.push(request);
      return { kind: 'form', action: 'accept', content: { name: 'Ada' } };
    });
    await expect((await conversation.send('go')).completed).resolves.toMatchObject({ text: 'done' });
    expect(asked).toMatchObject([
      { kind: 'elicitation', server: 'test', message: 'Who are you?', schema: { properties: { name: {} } } },
    ]);
    expect(model.requests.at(-1)?.outputs.join()).toContain('accept: Ada');
  });

  it('brings no question of a server under the policy "never": codex declines it by itself', async () => {
    const { conversation, model, events } = await startWithServer({
      binary,
      script: callOnce('form', {}),
      config: { mcp_servers: { test: { ...test, default_tools_approval_mode: 'approve' } } },
      conversation: { permissionGate: true, approvalPolicy: 'never' },
    });
    const asked: Request[] = [];
    conversation.onRequest('elicitation', async (request) => {
      asked.push(request);
      return { kind: 'form', action: 'accept', content: { name: 'Ada' } };
    });
    await expect((await conversation.send('go')).completed).resolves.toMatchObject({ text: 'done' });
    expect(asked).toEqual([]);
    expect(events.filter((told) => 'type' in told && told.type === 'x-optio-unanswered')).toEqual([]);
    expect(model.requests.at(-1)?.outputs.join()).toContain('decline: nobody');
  });

  it('declines what a server wants to know when nobody answers', async () => {
    const { conversation, model, event } = await startWithServer({
      binary,
      script: callOnce('form', {}),
      conversation: { permissionGate: true },
    });
    conversation.onPermissionRequest(() => ({ behavior: 'allow' }));
    await expect((await conversation.send('go')).completed).resolves.toMatchObject({ text: 'done' });
    await event((told) => 'type' in told && told.type === 'x-optio-unanswered');
    expect(model.requests.at(-1)?.outputs.join()).toContain('decline: nobody');
  });
});
