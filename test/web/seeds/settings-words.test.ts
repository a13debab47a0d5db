import { expect, it } from 'vitest';
import { readSettings, settingsInWords } from '../../../web/src/seeds/settings-words.ts';

it('sends only what is kept of a config.toml, and says what that is', () => {
  const typed = readSettings('model = "gpt-5.5"\nnotify = ["sh"]\n[mcp_servers.x]\nenv = { KEY = "canary" }\n');
  expect(typed).toEqual({
    content: 'model = "gpt-5.5"\n',
    hint: 'It will have: model. Left out: notify, mcp_servers.',
    problem: undefined,
  });
  expect(readSettings('hide_agent_reasoning = true').hint).toBe('It will have: hide_agent_reasoning.');
  expect(readSettings('notify = ["sh"]')).toMatchObject({ content: '', problem: undefined });
});

it.each([
  ['is no TOML', 'model ='],
  ['is too large', `# ${'é'.repeat(32_768)}`],
])('takes nothing of what %s', (_, text) => {
  expect(readSettings(text)).toMatchObject({ content: '', problem: expect.stringMatching(/^It is/) });
});

it('says what they may be while there are none', () => {
  expect(readSettings(' \n')).toMatchObject({
    content: '',
    problem: undefined,
    hint: expect.stringContaining('config.toml'),
  });
});

it('tells them in a line', () => {
  expect(settingsInWords({ model: 'gpt-5.5', hide_agent_reasoning: true })).toBe(
    'model gpt-5.5, hide_agent_reasoning true',
  );
});
