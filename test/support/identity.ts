import { rmSync } from 'node:fs';
import { onTestFinished } from 'vitest';
import type { ScriptedModelOptions } from '../../src/testing/model.ts';
import { makeDirectory, testDirectory } from './directories.ts';
import { certifyIdentity, type IdentityCertificate, type OpenIdentity, openIdentity } from './identity-provider.ts';

/** Made once for all tests of a process. */
let certificate: IdentityCertificate | undefined;

export type StartedIdentity = Omit<OpenIdentity, 'close'>;

/** Starts an identity provider for one test, in the place of OpenAI's hosts, with a model behind it. */
export async function startIdentity(script?: ScriptedModelOptions['script']): Promise<StartedIdentity> {
  certificate ??= makeOnce();
  const directory = testDirectory('identity');
  const { close, ...started } = await openIdentity({ directory, certificate, ...(script && { script }) });
  onTestFinished(close);
  return started;
}

function makeOnce(): IdentityCertificate {
  const directory = makeDirectory('certificate');
  try {
    return certifyIdentity(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}
