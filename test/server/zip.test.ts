import { expect, it } from 'vitest';
import { OptioError } from '../../src/errors.ts';
import { scriptApi } from '../support/scripted-api.ts';
import { openServer } from '../support/server.ts';

it('gives a directory as a zip, to be kept and never shown, and tells what fails before its first piece', async () => {
  const { ask } = await openServer();
  const given = await ask('/api/runs/run-1/zip?path=a/src/');
  expect(given).toMatchObject({ status: 200, text: 'zip of a/src/, in two pieces' });
  expect(given.headers).toMatchObject({
    'content-type': 'application/zip',
    'content-disposition': expect.stringMatching(/^attachment; filename="src\.zip"/),
    'x-content-type-options': 'nosniff',
  });
  for (const query of ['', '?path=.', '?path=src/..'])
    expect((await ask(`/api/runs/run-1/zip${query}`)).headers['content-disposition']).toContain('"run-1.zip"');
  const failing = scriptApi({
    handle: {
      // biome-ignore lint/correctness/useYield: it fails at once
      async *downloadFiles() {
        throw new OptioError('message-too-large', 'it is too large');
      },
    },
  });
  const { ask: askFailing } = await openServer(failing.api);
  expect(await askFailing('/api/runs/run-1/zip')).toMatchObject({ json: { code: 'message-too-large' } });
});
