import { onTestFinished } from 'vitest';
import { ScriptedModel, type ScriptedModelOptions } from '../../src/testing/model.ts';

export interface StreamEvent {
  readonly type: string;
  readonly [field: string]: unknown;
}

export interface Question {
  readonly thread?: string;
  readonly turn?: string;
  readonly text?: string;
  readonly tools?: readonly string[];
}

/** A model for one test. */
export async function startModel(options: ScriptedModelOptions = {}): Promise<ScriptedModel> {
  const model = await ScriptedModel.start(options);
  onTestFinished(() => model.close());
  return model;
}

/** Asks a model as Codex would; resolves with the head of its answer. */
export function ask(model: ScriptedModel, question: Question = {}): Promise<Response> {
  const { thread = 'thread-1', turn = 'turn-1', text = 'Hello', tools = ['exec_command', 'apply_patch'] } = question;
  const body = {
    model: 'scripted',
    input: [{ type: 'message', role: 'user', content: [{ type: 'input_text', text }] }],
    tools: tools.map((name) => ({ type: 'function', name })),
    client_metadata: { thread_id: thread, turn_id: turn },
  };
  const headers = { 'content-type': 'application/json' };
  return fetch(`${model.url}/responses`, { method: 'POST', headers, body: JSON.stringify(body) });
}

/** The events of a whole answer. */
export async function readStream(response: Response): Promise<StreamEvent[]> {
  return parseEvents(await response.text());
}

export function parseEvents(stream: string): StreamEvent[] {
  return stream
    .split('\n\n')
    .filter((block) => block.startsWith('event: '))
    .map((block) => {
      const [, name, data = ''] = /^event: (.*)\ndata: (.*)$/.exec(block) ?? [];
      const event = JSON.parse(data) as StreamEvent;
      if (event.type !== name) throw new Error(`the event ${name} calls itself ${event.type}`);
      return event;
    });
}

/** Asks, and reads the events of the answer. */
export async function converse(model: ScriptedModel, question: Question = {}): Promise<StreamEvent[]> {
  return readStream(await ask(model, question));
}

/** What the model said in these events. */
export function saidIn(events: readonly StreamEvent[]): string {
  return events.map((event) => (event.type === 'response.output_text.delta' ? event.delta : '')).join('');
}
