import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Heartbeat, type Silence } from '../../src/rpc/heartbeat.ts';

const NOON = Date.parse('2026-11-24T12:00:00Z');

/** A heartbeat whose peer answers as long as it lives. */
function beat({ everyMs = 1_000, patienceMs = 5_000 } = {}) {
  const told: string[] = [];
  const peer = { lives: true, asked: 0 };
  const unanswered: (() => void)[] = [];
  const ping = () => {
    peer.asked++;
    return new Promise<void>((resolve) => (peer.lives ? resolve() : unanswered.push(resolve)));
  };
  const tell = ({ kind, since }: Silence) => told.push(`${kind} ${Math.round((since.getTime() - NOON) / 1_000)}`);
  const heartbeat = new Heartbeat({ everyMs, patienceMs }, ping, tell);
  heartbeat.start();
  const goOn = () => {
    peer.lives = true;
    for (const answer of unanswered.splice(0)) answer();
  };
  return { heartbeat, told, peer, goOn };
}

describe('a heartbeat', () => {
  beforeEach(() => {
    vi.useFakeTimers({
      now: NOON,
      toFake: ['Date', 'performance', 'setTimeout', 'clearTimeout', 'setImmediate', 'clearImmediate'],
    });
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  it('asks again and again, and says nothing of a peer that answers', async () => {
    const { told, peer } = beat();
    await vi.advanceTimersByTimeAsync(10_500);
    expect([peer.asked, told]).toEqual([10, []]);
  });

  it('tells a silence once, with the time of the last sign of life, and its end once', async () => {
    const { told, peer, goOn } = beat();
    await vi.advanceTimersByTimeAsync(2_500);
    peer.lives = false;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(told).toEqual([]); // it was asked, and has its time
    await vi.advanceTimersByTimeAsync(2_000);
    expect(told).toEqual(['began 2']);
    goOn();
    await vi.advanceTimersByTimeAsync(3_000);
    expect(told).toEqual(['began 2', 'ended 2']);
    expect(peer.asked).toBe(6);
  });

  it('takes whatever comes as a sign of life', async () => {
    const { heartbeat, told, peer } = beat();
    peer.lives = false;
    for (let round = 0; round < 10; round++) {
      await vi.advanceTimersByTimeAsync(900);
      heartbeat.heard();
    }
    expect(told).toEqual([]);
  });

  it('says when it was too long, once, and asks nothing more', async () => {
    const { heartbeat, told, peer } = beat();
    peer.lives = false;
    await vi.advanceTimersByTimeAsync(5_500);
    expect(told).toEqual(['began 0']);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(told).toEqual(['began 0', 'tooLong 0']);
    await vi.advanceTimersByTimeAsync(60_000);
    expect([peer.asked, told.length]).toEqual([1, 2]);
    expect(heartbeat.isSilent).toBe(true);
  });

  it('does not count the time in which it was we who stood still', async () => {
    const { told, peer } = beat();
    peer.lives = false;
    await vi.advanceTimersByTimeAsync(1_500);
    // As a process that was stopped sees it: the clocks go on, and its timers come late.
    const now = performance.now.bind(performance);
    vi.spyOn(performance, 'now').mockImplementation(() => now() + 3_600_000);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(told).toEqual(['began 0']);
  });

  it('is over when it is stopped, also for an answer that comes later', async () => {
    const { heartbeat, told, peer, goOn } = beat();
    peer.lives = false;
    await vi.advanceTimersByTimeAsync(1_500);
    heartbeat.stop();
    goOn();
    await vi.advanceTimersByTimeAsync(60_000);
    expect([told, peer.asked]).toEqual([[], 1]);
  });
});
