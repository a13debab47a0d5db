import { describe, expect, it } from 'vitest';
import { withSettings } from '../../../src/cli/flags/run-settings.ts';

const SETTINGS = {
  'run.model': 'gpt-x',
  'run.effort': 'high',
  'run.sandbox': 'read-only',
  'run.approve': 'never',
  'server.port': 1,
} as const;

describe('what the configuration says for run', () => {
  it('holds where no flag says otherwise', () => {
    expect(withSettings({}, SETTINGS)).toEqual({
      model: 'gpt-x',
      effort: 'high',
      sandbox: 'read-only',
      approve: 'never',
    });
    expect(withSettings({ detach: true, model: 'mine', approve: 'untrusted' }, SETTINGS)).toEqual({
      detach: true,
      model: 'mine',
      effort: 'high',
      sandbox: 'read-only',
      approve: 'untrusted',
    });
    expect(withSettings({ fresh: true }, {})).toEqual({ fresh: true });
  });
});
