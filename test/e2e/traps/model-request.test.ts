import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ModelRequest } from '../../../src/testing/index.ts';
import { BINARIES, type StartOptions, startConversation } from '../../support/codex.ts';
import { makePlace, watchRun } from '../../support/run.ts';
import { layOutLocked } from './locked.ts';

/** What codex sends to the model, in a turn for each of these messages. */
async function requestsFor(messages: readonly string[], options: StartOptions): Promise<readonly ModelRequest[]> {
  const { conversation, model } = await startConversation(options);
  for (const message of messages) await (await conversation.send(message)).completed;
  return model.requests;
}

const searchOf = ({ body }: ModelRequest) =>
  (body.tools as { type: string; external_web_access?: boolean }[]).filter(({ type }) => type === 'web_search');

describe.each(BINARIES)('what goes to the model with codex $version', (binary) => {
  it('is the whole of the instructions, however long, with each request, and none of those in config.toml', async () => {
    const developerInstructions = `${'long '.repeat(400_000)}INSTRUCTIONS-of-the-call`;
    const config = { developer_instructions: 'INSTRUCTIONS-of-the-file' };
    const requests = await requestsFor(['!say one', '!say two'], {
      binary,
      config,
      conversation: { developerInstructions },
    });
    expect(requests).toHaveLength(2);
    for (const { body } of requests) {
      const text = JSON.stringify(body);
      expect(text).toContain(developerInstructions);
      expect(text).not.toContain('INSTRUCTIONS-of-the-file');
    }
  });

  it('offers a search of the web whatever the sandbox says of the network, unless that is switched off', async () => {
    const { config } = layOutLocked();
    const searchWith = async (more: object) => {
      const options = { binary, config: { ...config, ...more }, conversation: { sandbox: null } };
      return (await requestsFor(['!say one'], options)).map(searchOf);
    };
    expect(await searchWith({})).toMatchObject([[{ external_web_access: false }]]);
    expect(await searchWith({ web_search: 'live' })).toMatchObject([[{ external_web_access: true }]]);
    expect(await searchWith({ web_search: 'disabled' })).toEqual([[]]);
  });
});

describe('what goes to the model of a run', () => {
  it('offers no search of the web', async () => {
    const place = await makePlace();
    await watchRun(place, { instructions: '!say done' });
    expect(place.model.requests.map(searchOf)).toEqual([[]]);
  });

  it('is at most 64 KiB of guides, with a warning about what was cut', async () => {
    const place = await makePlace();
    writeFileSync(join(place.workspace, 'AGENTS.md'), `${'g'.repeat(70_000)}`);
    const { of } = await watchRun(place, { instructions: '!say done' });
    const [guide = ''] = JSON.stringify(place.model.requests[0]?.body).match(/g{1000,}/) ?? [];
    expect(guide).toHaveLength(64 * 1024);
    expect(of('notice')).toContainEqual(
      expect.objectContaining({ level: 'warning', message: expect.stringContaining('64 KiB') }),
    );
  });
});
