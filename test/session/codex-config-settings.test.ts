import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SESSION_MARK } from '../../src/codex/launch.ts';
import { writeModelCatalogue } from '../../src/session/codex-config.ts';
import { readCodexConfig as read } from '../support/read-codex-config.ts';

const PROVIDER = { provider: { baseUrl: 'http://127.0.0.1:1/v1' }, model: 'm' };

describe('writeCodexConfig on the environment of commands', () => {
  it('passes the core and what the task names, and nothing else', () => {
    const { shell_environment_policy: policy } = read({ env: { API_URL: 'http://x', TZ: 'UTC' } });
    expect(policy).toMatchObject({
      inherit: 'core',
      include_only: expect.arrayContaining(['PATH', 'HOME', 'API_URL', SESSION_MARK]),
      set: { API_URL: 'http://x', TZ: 'UTC', HOME: '/homes/run-1', [SESSION_MARK]: 'run-1' },
    });
    expect((policy as { include_only: string[] }).include_only).not.toContain('*_PROXY');
  });

  it('keeps a value as it is, quotes and all', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (value) => {
        expect(read({ env: { VALUE: value } })).toHaveProperty('shell_environment_policy.set.VALUE', value);
      }),
    );
  });
});

describe('writeCodexConfig on the model', () => {
  it('names a provider that gets the login only when there is one', () => {
    for (const hasLogin of [true, false]) {
      const config = read(PROVIDER, { hasLogin });
      expect(config).toMatchObject({ model: 'm', model_provider: 'custom' });
      expect(config).toHaveProperty('model_providers.custom', {
        name: PROVIDER.provider.baseUrl,
        base_url: PROVIDER.provider.baseUrl,
        wire_api: 'responses',
        requires_openai_auth: hasLogin,
        supports_websockets: false,
      });
    }
  });

  it('says how long the provider may be silent', () => {
    const provider = { ...PROVIDER.provider, silenceMs: 5_000 };
    expect(read({ ...PROVIDER, provider })).toMatchObject({
      model_providers: { custom: { stream_idle_timeout_ms: 5_000 } },
    });
  });

  it('says how large the context is, and where the catalogue lies', () => {
    const provider = { ...PROVIDER.provider, contextWindow: 32_000, name: 'Mine' };
    expect(read({ ...PROVIDER, provider }, { catalogue: '/x/models.json' })).toMatchObject({
      model_context_window: 32_000,
      model_catalog_json: '/x/models.json',
      model_providers: { custom: { name: 'Mine' } },
    });
  });

  it('searches nothing on the web with a provider of the user, who may not know that tool', () => {
    expect(read({ ...PROVIDER, networkAccess: true }).web_search).toBe('disabled');
  });

  it('lets what the run names go before what was adopted, and our own settings before both', () => {
    const adopted = { model: 'theirs', mcp_servers: { docs: { command: 'x' } }, default_permissions: 'none' };
    expect(read({ model: 'ours' }, { adopted })).toMatchObject({
      model: 'ours',
      mcp_servers: { docs: { command: 'x' } },
      default_permissions: 'locked',
    });
    expect(read({}, { adopted }).model).toBe('theirs');
  });

  it('keeps logins in memory, and leaves the repository’s words to us', () => {
    expect(read()).toMatchObject({
      cli_auth_credentials_store: 'ephemeral',
      project_doc_max_bytes: 0,
      allow_login_shell: false,
      features: { shell_snapshot: false },
    });
  });
});

describe('writeModelCatalogue', () => {
  it('describes each model in the order of the list', () => {
    const models = [
      { id: 'a', name: 'A', contextWindow: 8000, efforts: ['low', 'high'], takesImages: true },
      { id: 'b' },
    ];
    const [a, b] = JSON.parse(writeModelCatalogue(models, 'Be good.')).models;
    expect(a).toMatchObject({
      slug: 'a',
      display_name: 'A',
      context_window: 8000,
      default_reasoning_level: 'low',
      input_modalities: ['text', 'image'],
      base_instructions: 'Be good.',
      priority: 0,
    });
    expect(b).toMatchObject({ slug: 'b', display_name: 'b', input_modalities: ['text'], priority: 1 });
    expect(b).not.toHaveProperty('context_window');
    expect(b).not.toHaveProperty('default_reasoning_level');
  });
});
