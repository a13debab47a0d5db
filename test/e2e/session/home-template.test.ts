import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PINNED_VERSION } from '../../../src/codex/binary.ts';
import { makePlace, type RunPlace, watchRun } from '../../support/run.ts';

/** Where the empty databases of a fresh codex are kept. */
const templateOf = ({ dataDir }: RunPlace) => join(dataDir, 'templates', `codex-${PINNED_VERSION}`);
const spec = { instructions: '!say hello', workspace: { fresh: true } } as const;

/** What a directory holds, and since when: a template that was made anew has other files. */
function inodes(directory: string): string[] {
  return readdirSync(directory)
    .sort()
    .map((name) => `${name} ${statSync(join(directory, name)).ino}`);
}

describe('the template of a home', () => {
  it('is made by the first run, which leaves nothing else there, and used by the second', async () => {
    const place = await makePlace();
    expect((await watchRun(place, spec)).outcome).toMatchObject({ status: 'done', text: 'hello' });
    expect(readdirSync(join(place.dataDir, 'templates'))).toEqual([`codex-${PINNED_VERSION}`]);
    const made = inodes(templateOf(place));
    expect(made.some((file) => file.includes('.sqlite '))).toBe(true);
    const installation = readFileSync(join(templateOf(place), 'installation_id'), 'utf8');
    let used = '';
    const second = await watchRun(place, spec, (event, { id }) => {
      if (event.type !== 'session.started') return;
      used = readFileSync(join(place.dataDir, 'runs', id, 'codex', 'installation_id'), 'utf8');
    });
    expect(second.outcome).toMatchObject({ status: 'done', text: 'hello' });
    expect(used).toBe(installation);
    expect(inodes(templateOf(place))).toEqual(made);
  });

  it.each([
    ['holds no databases', () => Buffer.from('this is no database'.repeat(1_000))],
    ['was cut off', (whole: Buffer) => whole.subarray(0, whole.length / 2)],
    ['is all zeroes', (whole: Buffer) => Buffer.alloc(whole.length)],
  ])('does no harm when it %s, and is made anew', async (_how, spoil) => {
    const place = await makePlace();
    await watchRun(place, spec);
    const template = templateOf(place);
    const names = readdirSync(template);
    const databases = names.filter((name) => name.endsWith('.sqlite'));
    const spoilt = new Map(databases.map((name) => [name, spoil(readFileSync(join(template, name)))]));
    for (const [name, content] of spoilt) writeFileSync(join(template, name), content);
    expect((await watchRun(place, spec)).outcome).toMatchObject({ status: 'done', text: 'hello' });
    expect((await watchRun(place, spec)).outcome).toMatchObject({ status: 'done', text: 'hello' });
    expect(readdirSync(join(place.dataDir, 'templates'))).toEqual([`codex-${PINNED_VERSION}`]);
    expect(readdirSync(template)).toEqual(names);
    for (const [name, content] of spoilt) expect(readFileSync(join(template, name)).equals(content), name).toBe(false);
  });

  it('is made once by runs that begin together, and disturbs none of them', async () => {
    const place = await makePlace();
    const runs = await Promise.all([1, 2, 3].map(() => watchRun(place, spec)));
    expect(runs.map(({ outcome }) => outcome.status)).toEqual(['done', 'done', 'done']);
    expect(readdirSync(join(place.dataDir, 'templates'))).toEqual([`codex-${PINNED_VERSION}`]);
  });
});
