import { describe, expect, it } from 'vitest';
import { describeLogin } from '../../src/contract/login-words.ts';
import { toMarkdown } from '../../src/contract/markdown.ts';
import { applyEvent } from '../../src/contract/reducer.ts';
import { createRunView } from '../../src/contract/view.ts';
import { makeDetails } from '../support/run-details.ts';
import { SESSION_STARTED } from '../support/run-events.ts';
import { numbered } from '../support/stored-run.ts';

const LOGIN = 'ChatGPT login of ada@example.org, seed work';

describe('what is told of a login', () => {
  it.each([
    ['memory', 'in the memory of Codex'],
    ['tokens', 'short-lived tokens in the memory of Codex'],
    ['file', 'in a file of its private home'],
  ] as const)('says that it is hidden from commands, kept in %s', (kept, words) => {
    const loginReport = { seed: 'work', kept, gaps: [] };
    expect(describeLogin({ login: LOGIN, loginReport })).toBe(`${LOGIN}: ${words}, hidden from commands`);
  });

  it('says what could read it all the same', () => {
    const gaps = ['commands have full access', 'MCP servers of yours run outside of the sandbox'];
    const told = describeLogin({ login: LOGIN, loginReport: { seed: null, kept: 'memory', gaps } });
    expect(told).toMatch(/, hidden from commands, but: commands have full access; MCP servers of yours /);
  });

  it('says of a session without a login what could read those that are saved', () => {
    const gaps = ['commands have full access'];
    const told = describeLogin({ login: 'no key', loginReport: { seed: null, kept: 'nowhere', gaps } });
    expect(told).toBe('no key; what is saved here is hidden from commands, but: commands have full access');
  });

  it('says no more than the login where there is none, or where an older journal tells no more', () => {
    const nothing = { seed: null, kept: 'nowhere', gaps: [] } as const;
    const none = { ...nothing, gaps: [] };
    for (const loginReport of [none, null, undefined]) expect(describeLogin({ login: LOGIN, loginReport })).toBe(LOGIN);
  });

  it('stands in the document of a run', () => {
    const loginReport = { seed: 'work', kept: 'tokens' as const, gaps: [] };
    const view = numbered([{ ...SESSION_STARTED, login: 'seed *work*', loginReport }]).reduce(
      applyEvent,
      createRunView(),
    );
    const markdown = [...toMarkdown(makeDetails({ state: view.state }), view)].join('');
    expect(markdown).toMatch(
      /^- \*\*Login:\*\* seed \\\*work\\\*.{1,3}short.{1,2}lived tokens .*hidden from commands/m,
    );
  });
});
