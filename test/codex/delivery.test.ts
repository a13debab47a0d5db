import { describe, expect, it, vi } from 'vitest';
import type { CodexClient } from '../../src/codex/client.ts';
import { Delivery, type DeliveryOptions, type OutgoingMessage } from '../../src/codex/delivery.ts';
import { TakenMessages } from '../../src/codex/taken-messages.ts';
import { RunningTurn } from '../../src/codex/turn.ts';
import { NO_USAGE } from '../../src/contract/usage.ts';
import { OptioError } from '../../src/errors.ts';
import { failureOf } from '../support/failure.ts';

const message: OutgoingMessage = { messageId: 'mine', input: [], steer: false };
const lost = () => Promise.reject(new OptioError('connection-closed', 'the connection is lost'));
const refused = (words: string) => () => Promise.reject(new OptioError('call-failed', words));
const accepted = async () => ({ turn: { id: 'turn-1' } });

/** A delivery whose calls are answered one after the other as the test says. */
function make(answers: ((delivery: Delivery) => Promise<unknown>)[], reconnected = true, running?: RunningTurn) {
  const calls: unknown[] = [];
  let overrides: object = { model: 'another' };
  const call = (method: string, params: object) => {
    calls.push([method, params]);
    return answers.shift()?.(delivery);
  };
  const options: DeliveryOptions = {
    threadId: 'thread-1',
    client: () => ({ call }) as unknown as CodexClient,
    overrides: () => overrides,
    onAccepted: (sent) => {
      if (sent === overrides) overrides = {};
    },
    reconnected: async () => reconnected,
    turnOver: () => running?.toldOver,
  };
  const delivery = new Delivery(options, new TakenMessages(1));
  return { delivery, calls };
}

const makeTurn = () => new RunningTurn('turn-1', NO_USAGE, { retryDeadlineMs: 1_000, giveUp() {} });

describe('Delivery.start', () => {
  it('sends the message again after a lost connection when it does not show, with all that goes along', async () => {
    const { delivery, calls } = make([lost, accepted]);
    await expect(delivery.start(message)).resolves.toBe('turn-1');
    const params = { model: 'another', threadId: 'thread-1', input: [], clientUserMessageId: 'mine' };
    expect(calls).toEqual([
      ['turn/start', params],
      ['turn/start', params],
    ]);
  });

  it('sends model and effort until a turn with them was accepted', async () => {
    const { delivery, calls } = make([refused('no'), accepted, accepted]);
    await expect(delivery.start(message)).rejects.toMatchObject({ code: 'turn-rejected' });
    for (let turns = 0; turns < 2; turns++) await delivery.start(message);
    const models = calls.map((call) => (call as [string, { model?: string }])[1].model);
    expect(models).toEqual(['another', 'another', undefined]);
  });

  it('does not send it again when it shows, and gives the turn in which it did', async () => {
    const seen = (delivery: Delivery) => {
      delivery.onTaken('mine', 'turn-7');
      return lost();
    };
    const { delivery, calls } = make([seen]);
    await expect(delivery.start(message)).resolves.toBe('turn-7');
    expect(calls).toHaveLength(1);
  });

  it('takes no news of an earlier message of the same name for news of this one', async () => {
    const { delivery, calls } = make([lost, accepted]);
    delivery.onTaken('mine', 'turn-0');
    await expect(delivery.start(message)).resolves.toBe('turn-1');
    expect([calls.length, delivery.turnOf('mine')]).toEqual([2, undefined]);
  });

  it('rejects with the words of Codex, and with the end when there is one', async () => {
    expect(await failureOf(make([refused('no')]).delivery.start(message))).toMatchObject({ code: 'turn-rejected' });
    const gone = make([lost], false);
    expect(await failureOf(gone.delivery.start(message))).toMatchObject({ code: 'connection-closed' });
    const closed = make([lost]);
    closed.delivery.close(new OptioError('conversation-closed', 'over'));
    expect(await failureOf(closed.delivery.start(message))).toMatchObject({ message: 'over' });
  });
});

describe('Delivery.steer', () => {
  it('puts the message into the turn', async () => {
    const { delivery, calls } = make([async () => ({})]);
    await expect(delivery.steer(message, makeTurn())).resolves.toBe(true);
    const params = { threadId: 'thread-1', expectedTurnId: 'turn-1', input: [], clientUserMessageId: 'mine' };
    expect(calls).toEqual([['turn/steer', params]]);
  });

  it('leaves a message to start a turn when the other is over, by its end or by the words of Codex', async () => {
    const { delivery } = make([refused('no active turn to steer'), refused('cannot')]);
    await expect(delivery.steer(message, makeTurn())).resolves.toBe(false);
    const ended = makeTurn();
    ended.abandon(new OptioError('aborted', 'over'));
    await expect(delivery.steer(message, ended)).resolves.toBe(false);
  });

  it('knows after a lost connection whether the message arrived', async () => {
    const seen = (delivery: Delivery) => {
      delivery.onTaken('mine', 'turn-1');
      return lost();
    };
    const turn = makeTurn();
    const { delivery } = make([seen, lost], true, turn);
    await expect(delivery.steer(message, turn)).resolves.toBe(true);
    const steered = delivery.steer(message, turn);
    turn.end({ id: 'turn-1', items: [], status: 'completed' } as never, NO_USAGE);
    await expect(steered).resolves.toBe(false);
  });
});

describe('a message after a lost connection', () => {
  it.each<['start' | 'steer', unknown]>([
    ['start', 'turn-1'],
    ['steer', true],
  ])('is looked for as long as a turn runs, since Codex shows it as late as that (%s)', async (how, arrived) => {
    const turn = makeTurn();
    const { delivery, calls } = make([lost], true, turn);
    const sent = how === 'start' ? delivery.start(message) : delivery.steer(message, turn);
    const isSettled = vi.fn();
    void sent.then(isSettled);
    for (let turns = 0; turns < 10; turns++) await new Promise((resolve) => setTimeout(resolve)); // longer than it waits else
    expect(isSettled).not.toHaveBeenCalled();
    delivery.onTaken('mine', 'turn-1');
    await expect(sent).resolves.toBe(arrived);
    expect(calls).toHaveLength(1);
  });

  it('is sent again when the turn that ran is over, whoever waits to know whose it was', async () => {
    const turn = makeTurn();
    const { delivery, calls } = make([lost, accepted], true, turn);
    const sent = delivery.start(message);
    turn.tellOver();
    await expect(sent).resolves.toBe('turn-1');
    expect(calls).toHaveLength(2);
  });
});
