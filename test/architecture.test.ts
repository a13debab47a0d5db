import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..');
const SRC = join(ROOT, 'src');

/**
 * Which part may import which; every part may import `errors`. docs/architecture.md says why. A part is a folder of
 * src/ or a file in it.
 */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  contract: [],
  rpc: [],
  hosts: [],
  testing: [],
  config: [],
  changes: ['hosts', 'contract'],
  codex: ['rpc', 'hosts', 'contract'],
  store: ['contract'],
  client: ['contract'],
  task: ['contract', 'hosts'],
  seeds: ['hosts', 'codex', 'store', 'contract'],
  session: ['task', 'codex', 'changes', 'hosts', 'seeds', 'contract'],
  engine: ['task', 'changes', 'hosts', 'store', 'contract'],
  server: ['engine', 'contract'],
  'sandbox-probe': ['config', 'contract', 'hosts', 'codex', 'task', 'session', 'testing'],
  ownership: ['contract', 'hosts'],
  doctor: ['codex', 'contract', 'hosts', 'session', 'sandbox-probe', 'ownership'],
  demo: ['contract', 'testing'],
  optio: [
    'config',
    'contract',
    'changes',
    'demo',
    'doctor',
    'hosts',
    'codex',
    'store',
    'task',
    'seeds',
    'session',
    'engine',
  ],
  version: [],
  machine: ['contract'],
  compose: [
    'config',
    'contract',
    'hosts',
    'store',
    'client',
    'server',
    'doctor',
    'demo',
    'optio',
    'version',
    'machine',
  ],
  cli: ['contract', 'config', 'compose', 'testing', 'version', 'machine'],
  index: ['contract', 'hosts', 'codex', 'task', 'seeds', 'session', 'engine', 'optio'],
};

/** Files that are longer than a file should be, each with the reason why it is still one thing. */
const LONG_FILES: Readonly<Record<string, string>> = {
  'src/codex/conversation.ts': 'the public object: one method per thing that a person can do, each a few lines',
  'src/codex/turns.ts': 'one turn at a time: sending, steering, adopting and ending share the same few fields',
  'src/optio.ts': 'the verbs of the API in this process: one method each, which hands it on',
  'src/client/client.ts': 'the verbs of the API over HTTP: one method each, which asks for it',
  'src/engine/live-run.ts': 'what a task sees of its run: one member per thing, each a few lines',
};
const MAX_LINES = 250;

const files = sources(SRC);

describe('the architecture', () => {
  it.each(Object.keys(MAY_IMPORT))('lets %s import nothing but what lies below it', (part) => {
    const mine = files.filter((file) => partOf(file) === part);
    expect(mine).not.toEqual([]);
    const allowed = new Set([part, 'errors', ...(MAY_IMPORT[part] ?? [])]);
    const foreign = mine.flatMap((file) =>
      importsOf(file).flatMap((path) => {
        if (!path.startsWith('.')) return [];
        const imported = partOf(join(dirname(file), path));
        return allowed.has(imported) ? [] : [`${name(file)} imports ${imported}`];
      }),
    );
    expect(foreign).toEqual([]);
  });

  it('has a rule for every folder and file of src/', () => {
    expect([...new Set(files.map(partOf))].sort()).toEqual(Object.keys(MAY_IMPORT).sort());
  });

  it('has no circle among the rules', () => {
    const visit = (part: string, path: readonly string[]): void => {
      expect(path).not.toContain(part);
      for (const next of MAY_IMPORT[part] ?? []) visit(next, [...path, part]);
    };
    for (const part of Object.keys(MAY_IMPORT)) visit(part, []);
  });

  it('has the same rules on the page about the architecture', () => {
    const [, table = ''] = read(join(ROOT, 'docs/architecture.md')).split('| part | may import |\n| --- | --- |\n');
    const parts = Object.keys(MAY_IMPORT);
    const named = (cell: string) => parts.filter((part) => new RegExp(`\\b${part}\\b`).test(cell)).sort();
    const rows = (table.split('\n\n')[0] ?? '').split('\n').flatMap((row) => {
      const [, mine = '', theirs = ''] = row.split('|');
      return mine.split(',').map((part) => [part.trim(), named(theirs)] as const);
    });
    const real = Object.entries(MAY_IMPORT).map(([part, allowed]) => [part, [...allowed].sort()] as const);
    expect(new Map(rows)).toEqual(new Map(real.filter(([part]) => part !== 'errors')));
  });

  it('keeps what runs in browsers free of Node', () => {
    const ofNode = files
      .filter((file) => ['contract', 'client', 'errors'].includes(partOf(file)))
      .flatMap((file) => importsOf(file).filter((path) => path.startsWith('node:')));
    expect(ofNode).toEqual([]);
  });

  it('lets the page import what runs in browsers, and nothing else of ours', () => {
    const foreign = sources(join(ROOT, 'web/src')).flatMap((file) =>
      importsOf(file).flatMap((path) => {
        const target = path.startsWith('.') ? relative(ROOT, join(dirname(file), path)) : path;
        const isOurs = /^(web\/src\/|src\/(client|contract)\/|src\/errors\.ts)/.test(target);
        return isOurs || (!path.startsWith('.') && !path.startsWith('node:')) ? [] : [`${name(file)} imports ${path}`];
      }),
    );
    expect(foreign).toEqual([]);
  });

  it('gives the command line what compose makes, and nothing of what that is made of', () => {
    const taken = files
      .filter((file) => partOf(file) === 'cli')
      .flatMap((file) => [...read(file).matchAll(/const (\{[^}]*\}) = await import\('(?:\.\.\/)+compose[^']*'\)/g)])
      .map(([, names]) => names);
    const made = ['connect', 'checkMachine', 'serve', 'serveInBackground', 'stopServer'];
    expect(new Set(taken)).toEqual(new Set(made.map((name) => `{ ${name} }`)));
    const atOnce = files
      .filter((file) => partOf(file) === 'cli')
      .flatMap((file) =>
        [...read(file).matchAll(/^import (?!type )[^;]*'(?:\.\.\/)+compose[^']*';/gm)].map(() => name(file)),
      );
    expect(atOnce, 'what makes a server is loaded only where one is made').toEqual([]);
  });

  it('keeps files short, or says why one is not', () => {
    const lengths = [...files, ...sources(join(ROOT, 'web/src')), ...sources(join(ROOT, 'test'))].map(
      (file) => [name(file), countLines(file)] as const,
    );
    const long = lengths.flatMap(([file, lines]) => (lines > MAX_LINES ? [file] : []));
    expect(long.sort()).toEqual(Object.keys(LONG_FILES).sort());
  });

  it('has no drawer that takes everything', () => {
    const drawers = files.map(name).filter((file) => /\b(utils?|helpers?|manager|misc|common)\b/i.test(file));
    expect(drawers).toEqual([]);
  });
});

function sources(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.name === 'protocol' || entry.name === 'node_modules') return [];
    if (entry.isDirectory()) return sources(path);
    return /\.tsx?$/.test(entry.name) ? [path] : [];
  });
}

function partOf(file: string): string {
  const [first = ''] = relative(SRC, file).split('/');
  return first.replace(/\.ts$/, '');
}

function importsOf(file: string): string[] {
  return [...read(file).matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(([, path]) => path as string);
}

function read(file: string): string {
  return readFileSync(file, 'utf8');
}

function countLines(file: string): number {
  return read(file).trimEnd().split('\n').length;
}

function name(file: string): string {
  return relative(ROOT, file);
}
