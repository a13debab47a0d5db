import { expect, it } from 'vitest';
import { describeMissingKey } from '../../../src/cli/watching/missing-key.ts';
import type { RunOutcome } from '../../../src/contract/outcome.ts';
import { done } from '../../support/engine.ts';

const ENV = { OPENAI_API_KEY: 'secret', EMPTY: '' };

function outcomeOf(error: RunOutcome['error']): RunOutcome {
  return { ...done('It is.'), status: 'failed', ...(error && { error }) };
}

const MISSING = outcomeOf({ code: 'login-missing', message: 'there is no login', field: 'OPENAI_API_KEY' });

it('says that the command has the key which its server lacks, and not the key', () => {
  const said = describeMissingKey(MISSING, {}, ENV);
  expect(said).toContain('OPENAI_API_KEY is set here, and the server was started without it: `optio-codex stop`');
  expect(said).not.toContain('secret');
});

it.each([
  ['does not have it either', MISSING, {}, {}],
  ['has it empty', outcomeOf({ code: 'login-missing', message: 'no key', field: 'EMPTY' }), {}, ENV],
  ['talks to a server that it could not start', MISSING, { 'server.url': 'http://build7.example' }, ENV],
  [
    'sees that the key was refused',
    outcomeOf({ code: 'turn-failed', message: '401', field: 'OPENAI_API_KEY' }),
    {},
    ENV,
  ],
  ['sees the run done', outcomeOf(undefined), {}, ENV],
])('says nothing where it %s', (_what, outcome, settings, env) => {
  expect(describeMissingKey(outcome, settings, env)).toBeUndefined();
});
