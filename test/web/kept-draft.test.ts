import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type Draft, EMPTY_DRAFT } from '../../web/src/new-run/draft.ts';
import { forgetDraft, keepDraft, keptDraft } from '../../web/src/new-run/kept-draft.ts';

const entries = new Map<string, string>();
beforeEach(() => {
  entries.clear();
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => entries.get(key) ?? null,
    setItem: (key: string, value: string) => void entries.set(key, value),
    removeItem: (key: string) => void entries.delete(key),
  });
});
afterEach(() => void vi.unstubAllGlobals());

const FULL: Draft = {
  ...EMPTY_DRAFT,
  ...{ prompt: 'Mend {{what}}', workspace: 'directory', directory: '/a', provider: 'other', model: 'qwen' },
  ...{ providerUrl: 'http://127.0.0.1:1/v1', providerKey: 'MY_KEY', begin: 'repeatedly', cron: '@daily' },
  ...{ sandbox: 'read-only', isShared: true, params: { what: 'tests' } },
  kept: { spec: { scrubEnv: ['AWS_*'] }, options: { retry: { attempts: 3 } } },
};

it('keeps all of a draft, until it is launched', () => {
  expect(keptDraft()).toBeUndefined();
  keepDraft(FULL);
  expect({ ...EMPTY_DRAFT, ...keptDraft() }).toEqual(FULL);
  forgetDraft();
  expect(keptDraft()).toBeUndefined();
});

it('writes down nothing that may be secret', () => {
  const login = 'https://ada:secret@example.org/v1';
  const spec = { env: { TOKEN: 'secret' }, provider: { baseUrl: login } };
  keepDraft({ ...FULL, env: 'TOKEN=secret', providerUrl: login, kept: { spec, options: {} } });
  expect([...entries.values()].join()).not.toContain('secret');
  expect(keptDraft()).toMatchObject({ providerUrl: 'https://example.org/v1', prompt: FULL.prompt });
});

it.each(['no JSON', '4', '[]'])('has nothing where something else was kept: %s', (kept) => {
  entries.set('draft', kept);
  expect(keptDraft()).toBeUndefined();
});

it('leaves out what is of another kind', () => {
  entries.set('draft', JSON.stringify({ prompt: 'Mend', isShared: 'yes', params: [], kept: { spec: 4 }, more: 1 }));
  expect(keptDraft()).toEqual({ prompt: 'Mend' });
});
