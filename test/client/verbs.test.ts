import { describe, expect, it } from 'vitest';
import { connectTo } from '../../src/client/client.ts';
import type { RouteSpec } from '../../src/contract/route.ts';
import { ROUTES } from '../../src/contract/routes.ts';
import { serveVerbs } from '../support/client.ts';
import { VERBS, type Verb } from '../support/client-verbs.ts';
import { type Loss, RouteServer } from '../support/route-server.ts';

type VerbName = keyof typeof VERBS;
const NAMES = Object.keys(VERBS) as VerbName[];
const LOSSES: readonly Loss[] = ['before', 'after', 'middle'];

const givenBy = ({ answer, gives = answer }: Verb) => gives;

describe('OptioClient', () => {
  it.each(NAMES)('calls %s, and gives what comes of the answer', async (name) => {
    const { server, client } = await serveVerbs();
    expect(await VERBS[name].say(client)).toEqual(givenBy(VERBS[name]));
    const [received] = server.received.filter((one) => one.name === name);
    expect(received).toMatchObject({ token: 'secret' });
    const { repeat }: RouteSpec = ROUTES[name];
    if (repeat === 'keyed') expect(received?.key).toMatch(/^[\w-]{32,}$/);
    else expect(received?.key).toBe(undefined);
  });

  it.each(NAMES.filter((name) => !VERBS[name].isOnce))(
    'has %s done once wherever the connection is lost, and says so',
    async (name) => {
      await Promise.all(
        LOSSES.map(async (loss) => {
          const { server, client } = await serveVerbs();
          server.lose(name, loss);
          expect(await VERBS[name].say(client), loss).toEqual(givenBy(VERBS[name]));
          const { received, done } = server.count(name);
          expect(received, loss).toBeGreaterThanOrEqual(2);
          const { repeat }: RouteSpec = ROUTES[name];
          if (repeat === 'keyed') expect(done, loss).toBe(1);
        }),
      );
    },
  );

  it.each(NAMES.filter((name) => VERBS[name].isOnce))(
    'asks for %s once, since it might do something else the next time, and says that it may have been done',
    async (name) => {
      await Promise.all(
        LOSSES.map(async (loss) => {
          const { server, client } = await serveVerbs();
          server.lose(name, loss);
          await expect(VERBS[name].say(client), loss).rejects.toMatchObject({
            code: 'server-unreachable',
            remedy: 'It may have been done all the same: look before you do it again.',
          });
          expect(server.count(name).received).toBe(1);
        }),
      );
    },
  );

  it.each(NAMES)('says of %s that nobody answers where nobody does', async (name) => {
    const server = await RouteServer.start();
    const { url } = server;
    await server.close();
    await expect(VERBS[name].say(connectTo({ url, patienceMs: 0 }))).rejects.toMatchObject({
      code: 'server-unreachable',
      message: expect.stringMatching(`^no server answers at ${url}: .*ECONNREFUSED`),
      remedy: expect.stringContaining('optio-codex serve'),
    });
  });
});
