import { request } from 'node:http';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { connect } from '../../src/compose/connect.ts';
import { serve } from '../../src/compose/serve.ts';
import { socketOf } from '../../src/compose/server-record.ts';
import { includesRole } from '../../src/contract/role.ts';
import { testDirectory } from '../support/directories.ts';
import { ALL_ROUTES, callOf } from '../support/route-calls.ts';

/** The status of a call over a unix socket. */
function ask(socketPath: string, token: string, { path, method = 'GET', body }: ReturnType<typeof callOf>) {
  const { promise, resolve, reject } = Promise.withResolvers<number | undefined>();
  const headers = {
    Authorization: `Bearer ${token}`,
    ...(body !== undefined && { 'Content-Type': 'application/json' }),
  };
  const outgoing = request({ socketPath, path, method, headers, agent: false }, (incoming) => {
    incoming.resume();
    resolve(incoming.statusCode);
  });
  outgoing.once('error', reject).end(body === undefined ? undefined : JSON.stringify(body));
  return promise;
}

it('lets a viewer act neither at the socket of the data directory nor at one of its own', async () => {
  const directory = testDirectory('roles');
  const [dataDir, own] = [join(directory, 'data'), join(directory, 's')];
  const settings = { 'server.socket': own, 'log.level': 'silent' } as const;
  const options = { dataDir, settings, env: { PATH: process.env.PATH, HOME: directory } };
  const served = await serve(options);
  onTestFinished(async () => {
    await served.stop();
    await served.stopped;
  });
  const api = await connect({ ...options, start: false });
  onTestFinished(() => api.close());
  const { secret } = await api.createToken({ name: 'looks', role: 'viewer' });
  for (const socket of [socketOf(dataDir), own]) {
    for (const [name, { role }] of ALL_ROUTES) {
      if (includesRole('viewer', role)) continue;
      expect({ name, status: await ask(socket, secret, callOf(name)) }).toEqual({ name, status: 403 });
    }
    expect(await ask(socket, secret, callOf('listRuns'))).toBe(200);
  }
});
