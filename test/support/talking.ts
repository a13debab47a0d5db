import type { RunContext } from '../../src/task/context.ts';
import type { Task } from '../../src/task/task.ts';
import { done, taskOf, told } from './engine.ts';

/** A task with a session that answers whatever it is told, and what it was told. */
export function talking(id: string): {
  readonly task: Task;
  readonly began: Promise<RunContext>;
  readonly said: string[];
} {
  const { promise: began, resolve } = Promise.withResolvers<RunContext>();
  const said: string[] = [];
  const execute = async (context: RunContext) => {
    const over = Promise.withResolvers<void>();
    const controls = {
      async send(text: string, { messageId = '', steer = false }) {
        const turnId = `turn-${said.push(text)}`;
        const item = { kind: 'agentMessage', id: `${turnId}-answer`, text: `I heard: ${text}` } as const;
        context.emit({ type: 'message.sent', messageId, text, images: [], steer });
        context.emit({ type: 'message.accepted', messageId, turnId });
        context.emit({ type: 'message.taken', messageId, turnId });
        context.emit({ type: 'turn.started', turnId });
        context.emit({ type: 'item.completed', turnId, item });
        context.emit({ type: 'turn.ended', turnId, status: 'completed' });
        await context.written();
        return { turnId };
      },
      interrupt: async (turnId?: string) => void said.push(turnId === undefined ? 'interrupt' : `interrupt ${turnId}`),
      finish() {
        said.push('finish');
        over.resolve();
      },
      requestModelChange: (model: string) => void said.push(`model ${model}`),
      requestEffortChange: (effort: string) => void said.push(`effort ${effort}`),
    };
    context.serve(controls);
    resolve(context);
    await Promise.race([over.promise, told(context.signal), told(context.detached)]);
    return done();
  };
  return { task: taskOf(execute, { id, name: id, canRecover: true }), began, said };
}
