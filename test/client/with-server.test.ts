import { describe, expect, it, onTestFinished } from 'vitest';
import type { RunEvent } from '../../src/contract/event.ts';
import { Optio } from '../../src/optio.ts';
import { API_CHECKS } from '../support/api-checks.ts';
import { API_LIST_CHECKS } from '../support/api-list-checks.ts';
import { API_REFUSAL_CHECKS } from '../support/api-refusal-checks.ts';
import { API_SEED_CHECKS } from '../support/api-seed-checks.ts';
import { openClient } from '../support/client.ts';
import { testDirectory } from '../support/directories.ts';
import { openServer } from '../support/server.ts';
import { notice } from '../support/stored-run.ts';
import { journalOf, openToldRun } from '../support/told-run.ts';

async function openOptio(): Promise<Optio> {
  const optio = await Optio.open({ dataDir: `${testDirectory('optio')}/data` });
  onTestFinished(() => optio.close());
  return optio;
}

const CHECKS = { ...API_CHECKS, ...API_REFUSAL_CHECKS, ...API_LIST_CHECKS, ...API_SEED_CHECKS };

describe.each(['in this process', 'over HTTP'])('the API %s', (where) => {
  it.each(Object.keys(CHECKS))('%s', async (name) => {
    const optio = await openOptio();
    if (where === 'in this process') return CHECKS[name]?.({ api: optio, optio });
    const { url } = await openServer(optio);
    return CHECKS[name]?.({ api: openClient({ url, token: 'owner-token' }), optio });
  });
});

describe('a client of the real server', () => {
  it('has the whole journal, although the server was stopped and started anew in the middle of it', async () => {
    const run = await openToldRun();
    const server = await openServer(run.optio);
    const client = openClient({ url: server.url, token: 'owner-token' });
    const events: RunEvent[] = [];
    const has = Promise.withResolvers<void>();
    const read = (async () => {
      for await (const event of (await client.find(run.handle.id)).events()) {
        events.push(event);
        if (events.length === 50) has.resolve();
      }
    })();
    await run.tell(...Array.from({ length: 100 }, (_, index) => notice(`event ${index}`)));
    await has.promise;
    await server.close();
    await run.tell(...Array.from({ length: 100 }, (_, index) => notice(`more ${index}`)));
    await openServer(run.optio, { listen: { host: '127.0.0.1', port: server.port } });
    await run.end();
    await read;
    expect(events).toEqual(await journalOf(run));
    expect(events.length).toBeGreaterThan(200);
  });

  it('may do what its token lets it, and is told what that is', async () => {
    const optio = await openOptio();
    const { url } = await openServer(optio);
    const viewer = openClient({ url, token: 'viewer-token' });
    expect(await viewer.server()).toMatchObject({ caller: { name: 'viewer', role: 'viewer' } });
    expect(await viewer.tasks()).toEqual([]);
    await expect(viewer.launch('nightly')).rejects.toMatchObject({ code: 'forbidden' });
    await expect(openClient({ url, token: 'wrong' }).tasks()).rejects.toMatchObject({ code: 'unauthorized' });
    await expect(openClient({ url }).tasks()).rejects.toMatchObject({ code: 'unauthorized' });
  });
});
