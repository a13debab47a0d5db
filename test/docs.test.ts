import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventBodySchema } from '../src/contract/event.ts';
import { runOutcomeSchema } from '../src/contract/outcome.ts';
import { runQuerySchema } from '../src/contract/run-query.ts';
import { runSpecSchema } from '../src/contract/run-spec.ts';
import { TRANSITIONS } from '../src/engine/states.ts';
import { ERROR_CODES } from '../src/errors.ts';
import * as testing from '../src/testing/index.ts';
import { readPromptScript } from '../src/testing/prompt.ts';

const ROOT = join(import.meta.dirname, '..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(ROOT, 'docs'))
    .filter(isPage)
    .map((name) => `docs/${name}`),
];

describe('the documentation', () => {
  it('explains every error code, and no other', () => {
    const explained = [...read('docs/errors.md').matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, code]) => code);
    expect(explained).toEqual([...ERROR_CODES]);
  });

  it('lists every folder and file of src/ on the page about the architecture', () => {
    const tree = read('docs/architecture.md').split('```')[1] ?? '';
    for (const name of readdirSync(join(ROOT, 'src'))) expect(tree).toContain(name);
  });

  it('has every change of state in the table, and no other', () => {
    const [, table = ''] =
      /^\| from \| may become \|\n\| --- \| --- \|\n((?:\|.*\n)+)/m.exec(read('docs/architecture.md')) ?? [];
    const rows = [...table.matchAll(/^\| (.+) \| (.+) \|$/gm)].flatMap(([, from = '', to = '']) => {
      const states = to === 'nothing' ? [] : to.replaceAll(/ \([^)]*\)/g, '').split(', ');
      return from.split(', ').map((state) => [state, states.sort()] as const);
    });
    const real = Object.entries(TRANSITIONS).map(([from, to]) => [from, [...to].sort()] as const);
    expect(rows.sort()).toEqual(real.sort());
  });

  it('gives the reason for every dependency', () => {
    const reasons = [...read('docs/architecture.md').matchAll(/^\| \[([^\]]+)\]/gm)].map(([, name]) => name);
    // Types, the part of a library that draws, faces and the plugin of the bundler are told with what they belong to.
    const alone = (name: string) => !/^react-dom$|^@(types|fontsource-variable|vitejs)\//.test(name);
    expect(reasons.sort()).toEqual(
      [...dependenciesOf('package.json'), ...dependenciesOf('web/package.json', true)].filter(alone).sort(),
    );
  });

  it('explains every field of a spec and every event', () => {
    const page = read('docs/guide-library.md');
    for (const field of Object.keys(runSpecSchema.shape)) expect(page).toContain(`\`${field}\``);
    for (const { shape } of eventBodySchema.options) expect(page).toContain(`\`${shape.type.value}\``);
  });

  it.each([
    ['OptioApi', 'api.ts'],
    ['RunHandle', 'run-handle.ts'],
  ])('speaks of every verb of %s', (name, file) => {
    const [, body = ''] = read(`src/contract/${file}`).split(new RegExp(`^export interface ${name} .*\\{\\n`, 'm'));
    const verbs = [...(body.split('\n}')[0] ?? '').matchAll(/^ {2}(\w+)\(/gm)].map(([, verb]) => verb);
    expect(verbs.length).toBeGreaterThan(15);
    const page = read('docs/guide-library.md');
    expect(verbs.filter((verb) => !new RegExp(`\\b${verb}\\(`).test(page))).toEqual([]);
  });

  it('explains every field of a query', () => {
    const [, page = ''] = read('docs/guide-library.md').split('## Which runs there are');
    for (const field of Object.keys(runQuerySchema.shape)) expect(page.split('\n## ')[0]).toContain(`\`${field}\``);
  });

  it('explains every field of an outcome', () => {
    const [, section = ''] = read('docs/guide-library.md').split('`RunOutcome`\n');
    const fields = [...(section.split('\n## ')[0] ?? '').matchAll(/^\| `(\w+)` \|/gm)].map(([, field]) => field);
    expect(fields).toEqual(Object.keys(runOutcomeSchema.shape));
  });

  it.each(PAGES)('waits in no example in %s for a yes of the sandbox that never comes', (page) => {
    const examples = [...read(page).matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code = '']) => code);
    const count = (code: string, what: RegExp) => code.match(what)?.length ?? 0;
    const waiting = examples.filter((code) => {
      // A rule that allows wants the yes, unless it says that it takes anything.
      const rules = count(code, /behavior: 'allow', *\s*matches/g) - count(code, /sandboxed: 'any'/g);
      return rules > 0 || /sandboxed === 'yes'/.test(code);
    });
    expect(waiting.filter((code) => !code.includes("approvalPolicy: 'untrusted'"))).toEqual([]);
  });

  it('names every step of a script', () => {
    const page = read('docs/testing.md');
    const steps = Object.keys(testing).filter((name) => !/^(DEMO|demo|Scripted|read)/.test(name));
    for (const step of steps) expect(page).toContain(`\`${step}(`);
  });

  it('names no step of a prompt that there is not', () => {
    const lines = [...read('docs/testing.md').matchAll(/`(![a-z]+[^`]*)`/g)].map(([, line = '']) =>
      line.replaceAll('\\|', '|'),
    );
    expect(lines.length).toBeGreaterThan(10);
    for (const line of lines) {
      const [first] = readPromptScript(line === '!patch' ? '!patch\n*** Begin Patch\n*** End Patch' : line);
      expect(first, line).not.toMatchObject({ kind: 'httpError', status: 400 });
    }
  });

  it.each(PAGES)('has no link in %s that leads nowhere', (page) => {
    const links = [...read(page).matchAll(/\]\(([^)#\s]+)/g)].map(([, link = '']) => link);
    const broken = links.filter((link) => !/^https?:/.test(link) && !existsSync(join(ROOT, dirname(page), link)));
    expect(broken).toEqual([]);
  });

  it.each(PAGES)('speaks in %s of no file that is not there', (page) => {
    const named = [...read(page).matchAll(/`((?:src|test|scripts|docs|bench)\/[\w./-]+)`/g)].map(
      ([, path = '']) => path,
    );
    const missing = named.filter((path) => path !== 'src/codex/protocol/' && !existsSync(join(ROOT, path)));
    expect(missing).toEqual([]);
  });

  it('says of each word in bold on the page about the architecture which file it means', () => {
    const sources = listSources(join(ROOT, 'src')).map((file) => relative(join(ROOT, 'src'), file));
    const named = [...read('docs/architecture.md').matchAll(/\*\*([a-z/-]+\.ts)\*\*/g)].map(([, name = '']) => name);
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((name) => !sources.some((file) => file === name || file.endsWith(`/${name}`)))).toEqual([]);
  });
});

function isPage(name: string): boolean {
  return name.endsWith('.md');
}

function listSources(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' }).map((name) => join(directory, name));
}

/** `isBuilt`: it is a bundle, and what builds it matters as much as what is in it. */
function dependenciesOf(manifest: string, isBuilt = false): string[] {
  const { dependencies, devDependencies } = JSON.parse(read(manifest)) as Record<string, Record<string, string>>;
  return [dependencies, isBuilt ? devDependencies : {}].flatMap((names = {}) => Object.keys(names));
}
