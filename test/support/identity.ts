import { rmSync } from 'node:fs';
import { onTestFinished } from 'vitest';
import { ScriptedModel, type ScriptedModelOptions } from '../../src/testing/model.ts';
import { makeDirectory, testDirectory } from './directories.ts';
import {
  type IdentityCertificate,
  type IdentityPlace,
  makeIdentityCertificate,
  openIdentity,
} from './identity-place.ts';

export { toAuthFile } from './identity-place.ts';

/** Made once for all tests of a process. */
let certificate: IdentityCertificate | undefined;

export interface StartedIdentity extends Omit<IdentityPlace, typeof Symbol.asyncDispose> {
  readonly model: ScriptedModel;
}

/** Starts an identity provider for one test, in the place of OpenAI's hosts, with a model behind it. */
export async function startIdentity(script?: ScriptedModelOptions['script']): Promise<StartedIdentity> {
  certificate ??= makeOnce();
  const model = await ScriptedModel.start(script ? { script } : {});
  const {
    identity,
    env,
    proxy,
    authority,
    [Symbol.asyncDispose]: close,
  } = await openIdentity(testDirectory('identity'), model, certificate);
  onTestFinished(async () => {
    await close();
    await model.close();
  });
  return { identity, model, env, proxy, authority };
}

function makeOnce(): IdentityCertificate {
  const directory = makeDirectory('certificate');
  try {
    return makeIdentityCertificate(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}
