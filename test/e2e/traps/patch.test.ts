import { existsSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { addFile, type CallStep, patch, say, shell } from '../../../src/testing/index.ts';
import { BINARIES, OLDEST, startConversation } from '../../support/codex.ts';
import { subdirectory } from '../../support/directories.ts';
import { notification } from '../../support/events.ts';
import { allowAll, makePlace, watchRun } from '../../support/run.ts';
import { CANARY, type LockedPlace, layOutLocked, outputsOf } from './locked.ts';

/** Patches that put a file of this name below a denied directory, each on another way. */
const WAYS: Readonly<Record<string, (place: LockedPlace & { readonly below: string }) => CallStep>> = {
  straight: ({ below }) => addFile(join(below, 'straight'), 'text'),
  dots: ({ below }) => addFile(`${'../'.repeat(20)}${below.slice(1)}/dots`, 'text'),
  link: ({ outside, below }) => {
    symlinkSync(below, join(outside, 'way'));
    return addFile(join(outside, 'way', 'link'), 'text');
  },
  move: ({ below }) => {
    const to = join(below, 'move');
    return patch(`*** Begin Patch\n*** Update File: mine\n*** Move to: ${to}\n@@\n-old\n+new\n*** End Patch`);
  },
};

/** A directory with one below it, which a patch can reach: codex denies only the files right in it. */
function layOutBelow() {
  const place = layOutLocked();
  return { ...place, below: subdirectory(place.denied, 'below') };
}

describe.each(BINARIES)('a patch with codex $version', (binary) => {
  it('that is accepted is applied below a denied directory, straight, by .., by a link and by a move', async () => {
    const place = layOutBelow();
    const calls = [
      addFile('mine', 'old'),
      ...Object.values(WAYS).map((way) => way(place)),
      shell(`cat '${place.secret}'`),
    ];
    const outputs = await outputsOf(calls, { binary, config: place.config, conversation: { permissionGate: true } });
    expect(outputs.at(-1), 'it is denied').not.toContain(CANARY);
    const arrived = Object.keys(WAYS).filter((name) => existsSync(join(place.below, name)));
    expect(arrived).toEqual(['straight', 'dots', 'link', 'move']);
  });

  it('right into a denied directory fails although it was accepted, and one by a link of the workspace is not even asked about', async () => {
    const { denied, config } = layOutBelow();
    const { conversation, workspace, events } = await startConversation({
      binary,
      config,
      conversation: { permissionGate: true, sandbox: null },
    });
    symlinkSync(denied, join(workspace, 'way'));
    const asked: string[] = [];
    conversation.onPermissionRequest(({ changes }) => {
      asked.push(...(changes ?? []).map(({ path }) => path));
      return { behavior: 'allow' };
    });
    await (await conversation.send(`!write ${denied}/right text\n!write way/link text\n!say done`)).completed;
    const isFailed = ({ item }: { item: { type: string; status: string } }) =>
      item.type === 'fileChange' && item.status === 'failed';
    expect(events.filter(notification('item/completed', isFailed))).toHaveLength(2);
    expect(asked).toEqual([join(denied, 'right')]);
    expect(['right', 'link'].filter((name) => existsSync(join(denied, name)))).toEqual([]);
  });
});

describe.each(BINARIES)('a patch outside of the workspace with codex $version', (binary) => {
  it('is refused with nobody to ask, and no item tells of it', async () => {
    const { outside } = layOutLocked();
    const script = [addFile(join(outside, 'made'), 'text'), say('done')];
    const { conversation, model, events } = await startConversation({ binary, script });
    await (await conversation.send('go')).completed;
    expect(model.requests.at(-1)?.outputs.join()).toContain('patch rejected: writing outside of the project');
    expect(existsSync(join(outside, 'made'))).toBe(false);
    const isPatch = ({ item }: { item: { type: string } }) => item.type === 'fileChange';
    expect(events.filter(notification('item/started', isPatch))).toEqual([]);
  });
});

describe('a patch of a run', () => {
  it('into what is denied is refused whoever is there, straight, by .., by a link and by a move', async () => {
    const place = layOutBelow();
    const calls = Object.values(WAYS).map((way) => way(place));
    const runPlace = await makePlace({ script: [...calls, say('done')] });
    writeFileSync(join(runPlace.workspace, 'mine'), 'old\n');
    const spec = { instructions: 'go', permissionGate: true, deniedPaths: [place.denied] };
    const { of, outcome } = await watchRun(runPlace, spec, allowAll);
    expect([outcome.status, outcome.error]).toEqual(['done', undefined]);
    expect(of('request.refused')).toHaveLength(calls.length);
    expect(of('request.opened')).toEqual([]);
    expect(readdirSync(place.below)).toEqual([]);
  });
});

describe('what only one of the two versions does', () => {
  it('applies a patch outside of the workspace under "on-failure" without a question (0.142)', async () => {
    const { outside } = layOutLocked();
    const asked: string[] = [];
    const { conversation } = await startConversation({
      binary: OLDEST,
      script: [addFile(join(outside, 'made'), 'text'), say('done')],
      conversation: { permissionGate: true, approvalPolicy: 'on-failure' },
    });
    conversation.onPermissionRequest(({ kind }) => {
      asked.push(kind);
      return { behavior: 'deny' };
    });
    await (await conversation.send('go')).completed;
    expect(asked).toEqual([]);
    expect(existsSync(join(outside, 'made'))).toBe(true);
  });
});
