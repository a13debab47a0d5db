import { describe, expect, it, onTestFinished } from 'vitest';
import { ScriptedModel } from '../../../src/testing/index.ts';
import { type Death, MortalRun } from '../../support/mortal-run.ts';

const keyed = { text: '!say second', idempotencyKey: 'k' };

describe('a message with an idempotency key, which each worker sends until one of them lives long enough', () => {
  it.each<[string, readonly Death[]]>([
    ['once it is written down', [{ event: 'message.sent', nth: 2 }]],
    ['once Codex has accepted it', [{ event: 'message.accepted', nth: 2 }]],
    ['once Codex has it', [{ event: 'message.taken', nth: 2 }]],
    ['once its turn is over', [{ event: 'turn.ended', nth: 2 }]],
    ['at one of these after the other', [{ event: 'message.sent', nth: 2 }, { event: 'message.taken' }]],
  ])('comes to the model once when they are killed %s', async (_, deaths) => {
    const model = await ScriptedModel.start();
    onTestFinished(() => model.close());
    const run = new MortalRun({
      ...{ instructions: '!say first', autoStart: true, endRule: 'told' },
      ...{ provider: { baseUrl: model.url }, model: 'scripted' },
    });
    for (const death of deaths) await run.work(death, { keyed });
    await run.work(undefined, { keyed });
    const [read] = await run.read();
    const { record, events } = read ?? { record: undefined, events: [] };
    expect(record).toMatchObject({ state: 'done', outcome: { text: 'second', turns: 2 } });
    const told = events.flatMap((event) => ('messageId' in event && event.messageId === 'k' ? [event.type] : []));
    for (const type of ['message.sent', 'message.taken']) expect(told.filter((each) => each === type)).toEqual([type]);
    expect(model.requests.filter(({ userText }) => userText === keyed.text)).toHaveLength(1);
    expect(run.changed).toEqual([]);
    expect(run.leftovers(record?.id ?? '')).toBe(0);
  });
});
