import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { HostProcess, ProcessSpec } from '../../../src/hosts/host.ts';
import { LocalHost } from '../../../src/hosts/local.ts';
import { escalate, hang, say, shell } from '../../../src/testing/index.ts';
import { codexOf, until } from '../../support/processes.ts';
import { makePlace, markOf, type PlaceOptions, type RunPlace, watchRun } from '../../support/run.ts';
import { type SocketProxy, startSocketProxy } from '../../support/socket-proxy.ts';

/** A machine on which whatever listens on a socket is reached through a proxy. */
class ProxyingHost extends LocalHost {
  readonly started = Promise.withResolvers<SocketProxy>();

  override async start(spec: ProcessSpec): Promise<HostProcess> {
    const path = spec.command.at(-1)?.match(/^unix:\/\/(.+)$/)?.[1];
    if (!path) return super.start(spec);
    const behind = `${path}.behind`;
    this.started.resolve(await startSocketProxy(behind, path));
    const [program = '', ...args] = spec.command;
    return super.start({ ...spec, command: [program, ...args.slice(0, -1), `unix://${behind}`] });
  }
}

interface BreakablePlace extends RunPlace {
  readonly cut: () => Promise<void>;
  /** The codex goes on, and nobody can connect to it any more. */
  readonly cutForGood: (runId: string) => Promise<void>;
}

async function makeBreakablePlace(options: PlaceOptions): Promise<BreakablePlace> {
  const host = new ProxyingHost();
  const place = await makePlace({ ...options, optio: { host } });
  const cut = async () => {
    const proxy = await host.started.promise;
    // The sandbox is checked over a connection of its own, which is none of this.
    await until(() => proxy.connections() > 1 && proxy.open() === 1, 'the end of the check');
    proxy.cut();
  };
  const cutForGood = async (runId: string) => {
    rmSync(join(place.dataDir, 'runs', runId, 'codex/app-server.sock'));
    await cut();
  };
  return { ...place, cut, cutForGood };
}

/** Lets the time pass at once that a lost connection has to come back, and no other. */
function hurryReconnection(): void {
  const now = performance.now.bind(performance);
  let aheadMs = 0;
  const spy = vi.spyOn(performance, 'now').mockImplementation(() => {
    const isWaiting = new Error().stack?.includes('CodexConnection.#reconnect') === true;
    if (isWaiting) aheadMs += 60_000;
    return now() + (isWaiting ? aheadMs : 0);
  });
  onTestFinished(() => spy.mockRestore());
}

describe('a run that loses the connection to its codex', () => {
  it('takes it up again: its journal says so, its open request is answered once, its message was sent once', async () => {
    const script = [shell('true'), shell('touch /usr/denied'), escalate('touch made'), say('done')];
    const place = await makeBreakablePlace({ script });
    let requestId = '';
    const { outcome, of } = await watchRun(
      place,
      { instructions: 'go', permissionGate: true },
      async (event, handle) => {
        if (event.type === 'request.opened') {
          requestId = event.request.id;
          void place.cut();
        }
        if (event.type === 'session.reconnected') {
          await handle.answer(requestId, { kind: 'decision', behavior: 'allow' });
        }
      },
    );
    expect(outcome).toMatchObject({ status: 'done', text: 'done', turns: 1 });
    expect(of('session.reconnected')).toHaveLength(1);
    expect([of('request.opened').length, of('request.answered').length, of('request.closed').length]).toEqual([
      1, 1, 0,
    ]);
    expect([of('message.taken').length, of('turn.started').length, of('turn.ended').length]).toEqual([1, 1, 1]);
    const ids = of('item.completed').map(({ item }) => item.id);
    expect(new Set(ids).size, 'every item is told once').toBe(ids.length);
    expect(existsSync(join(place.workspace, 'made'))).toBe(true);
  });

  it('still has every command in its journal afterwards, also one that codex tells nothing of', async () => {
    const script = [escalate('true'), shell('touch /usr/denied'), say('done')];
    const place = await makeBreakablePlace({ script });
    let requestId = '';
    const { outcome, of } = await watchRun(
      place,
      { instructions: 'go', permissionGate: true },
      async (event, handle) => {
        if (event.type === 'request.opened') {
          requestId = event.request.id;
          void place.cut();
        }
        if (event.type === 'session.reconnected')
          await handle.answer(requestId, { kind: 'decision', behavior: 'allow' });
      },
    );
    expect([outcome.status, outcome.error]).toEqual(['done', undefined]);
    const commands = of('item.completed').flatMap(({ item }) => (item.kind === 'command' ? [item.command] : []));
    expect(commands).toEqual(['true', 'touch /usr/denied']);
  });

  it('for good has failed, though its codex lives on: its turn has not ended, and what it did is no answer (D1.8)', async () => {
    const place = await makeBreakablePlace({ script: [say('I begin'), shell('true'), hang()] });
    let wasAlive = false;
    const { outcome, of } = await watchRun(place, { instructions: 'go' }, async (event, handle) => {
      if (event.type !== 'item.completed' || event.item.kind !== 'command') return;
      hurryReconnection();
      await place.cutForGood(handle.id);
      wasAlive = codexOf(markOf(place, handle.id)) > 0;
    });
    expect(wasAlive).toBe(true);
    expect(outcome).toMatchObject({ status: 'failed', error: { code: 'connection-closed' } });
    expect(of('turn.ended')).toEqual([]);
  });
});
