import { describe, expect, it } from 'vitest';
import { createCodexTask } from '../../src/session/task.ts';

const config = { instructions: 'Do it', workspace: { fresh: true } } as const;

describe('createCodexTask', () => {
  it('keeps what names the task', () => {
    const definition = { id: 'nightly', name: 'Nightly', description: 'Every night', metadata: { team: 'a' } };
    expect(createCodexTask({ ...definition, config })).toMatchObject(definition);
  });

  it('refuses a configuration at once, and not at the first run', () => {
    const refused = expect.objectContaining({ code: 'invalid-config' });
    expect(() => createCodexTask({ id: 'a', name: 'A', config: { ...config, endRule: 'firstTurn' } })).toThrow(refused);
  });
});
