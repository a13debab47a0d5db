import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { addFile, endTurn, say } from '../../../src/testing/index.ts';
import { until } from '../../support/processes.ts';
import { fieldsIn, readSections } from './page.ts';
import { type ServedPlace, servePlace } from './served.ts';
import { Shell } from './shell.ts';

const HAIKU = 'Two cores and a queue\nan agent waits for a yes\nthe journal counts on\n';

/** What a step of the page has to do. `said` is what its last block of commands says, `before` what those ahead of it do. */
interface Step {
  /** A fact that a person who reads the page waits for as well. */
  readonly until?: (place: ServedPlace) => Promise<void>;
  readonly check: (said: string, place: ServedPlace, before: readonly string[]) => void | Promise<void>;
}

async function ask(place: ServedPlace, path: string): Promise<Record<string, unknown>> {
  const answer = await fetch(place.url + path, { headers: { authorization: `Bearer ${place.token}` } });
  return (await answer.json()) as Record<string, unknown>;
}

async function typesOf(place: ServedPlace): Promise<string[]> {
  const { events } = (await ask(place, '/api/runs/haiku/journal')) as { readonly events: readonly { type: string }[] };
  return events.map(({ type }) => type);
}

const untilTyped = (type: string, count: number) => (place: ServedPlace) =>
  until(async () => (await typesOf(place)).filter((each) => each === type).length === count, `${count} ${type}`);

const STEPS: Readonly<Record<string, Step>> = {
  'The HTTP API': { check: (said) => expect(JSON.parse(said)).toMatchObject({ apiVersion: 1 }) },
  'A session with curl': { check: (said) => expect(said).toBe('') },
  'Who answers': { check: (said) => expect(JSON.parse(said).caller).toEqual({ name: 'owner', role: 'admin' }) },
  'Launch a run': {
    check: (said) => expect(JSON.parse(said)).toMatchObject({ name: 'haiku', id: expect.stringMatching(/^run-/) }),
  },
  'Watch what happens': {
    until: untilTyped('turn.started', 1),
    check(said, _place, [, resumed, page = '']) {
      const seqs = (text: string) => (JSON.parse(text) as { events: { seq: number }[] }).events.map(({ seq }) => seq);
      expect(resumed).toMatch(/^id: 3\ndata: \{"seq":3,/);
      expect(seqs(page)[0]).toBe(3);
      expect(seqs(said).length).toBeLessThanOrEqual(20);
      expect(seqs(said).at(-1)).toBeGreaterThanOrEqual(seqs(page).at(-1) ?? 0);
    },
  },
  'See what it asks': {
    until: untilTyped('request.opened', 1),
    check: (said) =>
      expect(JSON.parse(said).requests).toMatchObject([{ request: { kind: 'fileChange', sandboxed: 'yes' } }]),
  },
  Approve: {
    async check(said, place) {
      expect(said).toBe('');
      await untilTyped('request.answered', 1)(place);
    },
  },
  'Send a message': {
    async check(said, place) {
      const { turnId, after } = JSON.parse(said) as { turnId: string; after: number };
      await untilTyped('turn.ended', 2)(place);
      const { events } = await ask(place, `/api/runs/haiku/journal?after=${after}`);
      expect(events).toContainEqual(expect.objectContaining({ type: 'turn.ended', turnId, status: 'completed' }));
      expect(place.model.requests.at(-1)?.userText).toBe('Tell me a title for it as well. Do not change the file.');
    },
  },
  'Read a file of the workspace': {
    check(said, { workspace }) {
      expect(said).toContain('"path":"HAIKU.md"');
      expect(said.endsWith(HAIKU)).toBe(true);
      expect(readFileSync(join(workspace, 'HAIKU.md'), 'utf8')).toBe(HAIKU);
    },
  },
  Cancel: { check: (said) => expect(JSON.parse(said)).toMatchObject({ outcome: { status: 'cancelled', turns: 2 } }) },
  Export: {
    check(said, { home }) {
      expect(said).toMatch(/"type":"run.ended".*\n\nevent: end\ndata: \{\}\n/);
      expect(readFileSync(join(home, 'haiku.md'), 'utf8')).toContain('Title: The Yes');
      const read = readFileSync(join(home, 'events.txt'), 'utf8');
      const numbers = [...read.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));
      expect(numbers).toEqual(numbers.map((_, at) => at + 1));
    },
  },
  Authentication: {
    check(said) {
      const [made = '', list = ''] = said.split('}{').map((part, at) => (at === 0 ? `${part}}` : `{${part}`));
      expect(JSON.parse(made)).toMatchObject({ name: 'dashboard', role: 'viewer', secret: expect.any(String) });
      expect(list).toContain('"name":"dashboard"');
      expect(list).not.toContain('secret');
    },
  },
  'Lists: pages, filters, order': {
    check: (said) =>
      expect(JSON.parse(said)).toMatchObject({ runs: [{ name: 'haiku', state: 'cancelled' }], next: null }),
  },
  'Search: what was said and done': {
    check: (said) =>
      expect(JSON.parse(said)).toMatchObject({ found: [{ run: { name: 'haiku' }, texts: [{ kind: 'message' }] }] }),
  },
  Errors: {
    check: (said) => expect(JSON.parse(said)).toMatchObject({ status: 404, code: 'not-found' }),
  },
  Streams: {
    check: (said) => expect(said).toMatch(/^data: \{"type":"snapshot","runs":\[\{"id":"run-[^\n]*"name":"haiku"/),
  },
  'A unix socket, and a reverse proxy': {
    check: (said) => expect(JSON.parse(said)).toMatchObject({ runs: { cancelled: 1 } }),
  },
  'From a program': {
    check(said, { home }) {
      expect(said).toBe('');
      expect(JSON.parse(readFileSync(join(home, 'openapi.json'), 'utf8'))).toMatchObject({ openapi: '3.1.0' });
    },
  },
};

it('docs/http-api.md drives a whole run with the commands that it shows', async () => {
  const place = await servePlace([addFile('HAIKU.md', HAIKU), say('It is there.'), endTurn(), say('Title: The Yes')]);
  const shell = new Shell({ env: { PATH: process.env.PATH ?? '', HOME: place.home }, cwd: place.home });
  const here = (command: string) =>
    command
      .replaceAll('http://127.0.0.1:7420', place.url)
      .replaceAll('http://127.0.0.1:11434/v1', place.model.url)
      .replaceAll('/home/ada/project', place.workspace);
  const sections = readSections('docs/http-api.md');
  expect(sections.map(({ heading }) => heading)).toEqual(Object.keys(STEPS));
  for (const { heading, commands, answers } of sections) {
    const step = STEPS[heading] as Step;
    await step.until?.(place);
    const all: string[] = [];
    for (const command of commands.filter((each) => !each.startsWith('optio-codex serve '))) {
      all.push(await shell.type(here(command)));
    }
    const said = all.at(-1) ?? '';
    await step.check(said, place, all.slice(0, -1));
    for (const shown of answers) {
      expect(fieldsIn(JSON.parse(said)).sort(), `the fields of the answer below "${heading}"`).toEqual(
        fieldsIn(shown).sort(),
      );
    }
  }
  expect(await ask(place, '/api/runs'), 'the launch was sent once').toMatchObject({ runs: [{ name: 'haiku' }] });
});
