import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import type { SeedSettings } from '../../src/contract/seed-config.ts';
import { LocalHost } from '../../src/hosts/local.ts';
import { SessionCheckpoint } from '../../src/session/checkpoint.ts';
import { checkConfig } from '../../src/session/config.ts';
import type { Kept } from '../../src/session/prepared.ts';
import { configureAgain, layUnder } from '../../src/session/seed-settings.ts';
import { checkUntouched } from '../../src/session/untouched.ts';
import { testDirectory } from '../support/directories.ts';
import { makeRun } from '../support/memory-run.ts';
import { readCodexConfig } from '../support/read-codex-config.ts';

const OURS = 'model = "ours"\nweb_search = "disabled"\n\n[features]\napps = false\n';
const settingsOf = (settings: SeedSettings, ours = OURS, effort?: string) =>
  parse(layUnder(ours, { reasoningEffort: effort }, settings).configText);

describe('layUnder', () => {
  it('adds what ours does not say, before its tables, and changes nothing that it says', () => {
    const settings = { model: 'lent', web_search: 'live', features: 'none', model_context_window: 1000 };
    expect(settingsOf(settings)).toEqual({ ...parse(OURS), model_context_window: 1000 });
    expect(layUnder(OURS, {}, settings).configText.endsWith(OURS)).toBe(true);
  });

  it('leaves the effort to the task that names one', () => {
    const settings = { model_reasoning_effort: 'low' };
    expect(settingsOf(settings)).toHaveProperty('model_reasoning_effort', 'low');
    expect(settingsOf(settings, OURS, 'high')).toEqual(parse(OURS));
  });

  it('leaves it as it is without settings', () => {
    for (const settings of [undefined, {}])
      expect(layUnder(OURS, {}, settings)).toEqual({ configText: OURS, lentText: '' });
  });

  it('gives way to what the run takes over of the user’s own configuration', () => {
    const text = (key: string, value: string) => `${key} = "${value}"\n`;
    const adopted = readCodexConfig({}, { adopted: { model: 'adopted', model_reasoning_effort: 'high' } });
    const ours = text('model', String(adopted.model)) + text('model_reasoning_effort', 'high');
    const settings = { model: 'lent', model_reasoning_effort: 'low', personality: 'friendly' };
    expect(settingsOf(settings, ours)).toEqual({
      model: 'adopted',
      model_reasoning_effort: 'high',
      personality: 'friendly',
    });
  });
});

/** A run that was prepared with a seed of these settings, as another process or the next attempt finds it. */
async function prepared(settings: SeedSettings) {
  const codexHome = testDirectory('home');
  const file = join(codexHome, 'config.toml');
  const laid = layUnder(OURS, {}, settings);
  writeFileSync(file, laid.configText);
  const record = {
    workspace: { path: '/w', kind: 'fresh' as const },
    codexHome,
    commandHome: '/c',
    access: { denied: [], missing: [], writable: [], readable: [] },
    instructions: '',
  };
  const context = makeRun({ host: new LocalHost() });
  context.checkpoint = { attempt: 1, prepared: { ...record, ...laid } };
  const config = checkConfig({ instructions: '', workspace: { fresh: true } });
  /** What a process finds that comes now. */
  const find = () => {
    const checkpoint = new SessionCheckpoint(context);
    const { prepared: found } = checkpoint.state ?? {};
    const kept = { ...found, instructions: { text: '' }, access: found?.access } as unknown as Kept;
    const configure = (next: SeedSettings) => configureAgain({ context, config, checkpoint }, kept, { settings: next });
    return { kept, configure, check: () => checkUntouched(context.host, kept) };
  };
  return { context, file, record, find, read: () => parse(readFileSync(file, 'utf8')) };
}

describe('configureAgain', () => {
  it('puts the settings of another seed in the place of those of the one before, and what it wrote is expected', async () => {
    const { find, read } = await prepared({ personality: 'friendly', model_verbosity: 'low' });
    await find().configure({ model: 'lent', model_verbosity: 'high' });
    expect(read()).toEqual({ ...parse(OURS), model_verbosity: 'high' });
    await find().check();
    await find().configure({});
    expect(read()).toEqual(parse(OURS));
    await find().check();
  });

  it('writes nothing where that is what stands there', async () => {
    const { find, context } = await prepared({ personality: 'friendly' });
    const before = context.checkpoint;
    const { kept, configure } = find();
    expect(await configure({ personality: 'friendly' })).toBe(kept);
    expect(context.checkpoint).toBe(before);
  });

  it('gives settings to a run that an older version has prepared', async () => {
    const { find, read, context, record } = await prepared({});
    context.checkpoint = { attempt: 1, prepared: { ...record, configText: OURS } };
    await find().configure({ personality: 'friendly' });
    expect(read()).toEqual({ ...parse(OURS), personality: 'friendly' });
    await find().check();
  });

  it('may be killed before it has written the file', async () => {
    const { find, read, file } = await prepared({ personality: 'friendly' });
    const before = readFileSync(file, 'utf8');
    await find().configure({ personality: 'none' });
    writeFileSync(file, before);
    await find().check();
    await find().configure({ personality: 'none' });
    expect(read()).toHaveProperty('personality', 'none');
    writeFileSync(file, before);
    await find().configure({ personality: 'friendly' });
    expect(read()).toHaveProperty('personality', 'friendly');
    await find().check();
  });

  it('covers up nothing that somebody else has written there', async () => {
    const { find, file } = await prepared({ personality: 'friendly' });
    const hostile = `${readFileSync(file, 'utf8')}[projects."/w"]\ntrust_level = "trusted"\n`;
    writeFileSync(file, hostile);
    await expect(find().configure({ personality: 'none' })).rejects.toMatchObject({ code: 'sandbox-changed' });
    expect(readFileSync(file, 'utf8')).toBe(hostile);
  });
});
