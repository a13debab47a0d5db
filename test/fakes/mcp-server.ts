#!/usr/bin/env node
// An MCP server over standard streams with two tools: `echo`, and `form`, which asks the person something first.
import { createInterface } from 'node:readline';

const TOOLS = [
  {
    name: 'echo',
    description: 'Says it again',
    inputSchema: { type: 'object', properties: { text: { type: 'string' } } },
  },
  { name: 'form', description: 'Asks for a name', inputSchema: { type: 'object', properties: {} } },
];
const FORM = { type: 'object', properties: { name: { type: 'string', description: 'Your name' } }, required: ['name'] };
const pending = new Map<string, (result: { action: string; content?: { name?: string } }) => void>();

const send = (message: object) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
const textResult = (text: string) => ({ content: [{ type: 'text', text }] });

async function answer(method: string, params: Record<string, never>): Promise<unknown> {
  if (method === 'initialize') {
    return {
      protocolVersion: params.protocolVersion,
      capabilities: { tools: {} },
      serverInfo: { name: 'test', version: '1' },
    };
  }
  if (method === 'tools/list') return { tools: TOOLS };
  if (method !== 'tools/call') return {};
  const { name, arguments: given } = params as unknown as { name: string; arguments: { text?: string } };
  if (name === 'echo') return textResult(`echo: ${given.text}`);
  const { promise, resolve } = Promise.withResolvers<{ action: string; content?: { name?: string } }>();
  pending.set('ask-1', resolve);
  send({ id: 'ask-1', method: 'elicitation/create', params: { message: 'Who are you?', requestedSchema: FORM } });
  const { action, content } = await promise;
  return textResult(`${action}: ${content?.name ?? 'nobody'}`);
}

for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line);
  if (message.method === undefined) pending.get(message.id)?.(message.result);
  else if (message.id !== undefined) {
    void answer(message.method, message.params ?? {}).then((result) => send({ id: message.id, result }));
  }
}
