import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { MessageInput } from '../../src/codex/input.ts';
import { MAX_IMAGE_BYTES } from '../../src/contract/image-type.ts';
import { LocalHost } from '../../src/hosts/local.ts';
import { MessageImages } from '../../src/session/message-images.ts';
import { subdirectory, testDirectory } from '../support/directories.ts';
import { png } from '../support/picture.ts';

const PICTURE = png();

function makePlace(ofTask: (root: string) => readonly string[] = () => []) {
  const root = testDirectory('images');
  const [workspace, dataDirectory] = [subdirectory(root, 'workspace'), subdirectory(root, 'data')];
  const directory = subdirectory(root, 'data', 'run');
  const host = new LocalHost();
  const images = new MessageImages({ host, workspace, directory, dataDirectory, ofTask: ofTask(root) });
  const put = (path: string, content: Uint8Array | string = PICTURE) => writeFileSync(join(root, path), content);
  return { root, workspace, directory, images, put };
}

function pathOf([input]: readonly MessageInput[]): string {
  expect(input?.type).toBe('localImage');
  return input?.type === 'localImage' ? input.path : '';
}

describe('MessageImages', () => {
  it('gives Codex a copy in the private directory, which stays as it is when the file does not', async () => {
    const { images, put, directory, workspace, root } = makePlace();
    put('workspace/shot.png');
    await images.copy('message', ['shot.png']);
    put('secret', 'secret');
    rmSync(join(workspace, 'shot.png'));
    symlinkSync(join(root, 'secret'), join(workspace, 'shot.png'));
    const path = pathOf(await images.inputs('message', ['shot.png']));
    expect(path.startsWith(`${directory}/`)).toBe(true);
    expect(path.endsWith('-shot.png')).toBe(true);
    expect(readFileSync(path).equals(PICTURE)).toBe(true);
  });

  it('makes the copy where another process had no time for it', async () => {
    const { images, put } = makePlace();
    put('workspace/shot.png');
    expect(readFileSync(pathOf(await images.inputs('message', ['shot.png']))).equals(PICTURE)).toBe(true);
  });

  it('keeps those of one message apart from each other, and from those of another, whatever they are called', async () => {
    const { images, put, workspace } = makePlace();
    for (const [index, name] of ['a', 'b'].entries()) {
      mkdirSync(join(workspace, name));
      put(`workspace/${name}/x.png`, png(1 + index, 1));
    }
    const inputs = [
      ...(await images.inputs('../../m', ['a/x.png', 'b/x.png'])),
      ...(await images.inputs('../../n', ['a/x.png'])),
    ];
    expect(new Set(inputs.map((input) => pathOf([input]))).size).toBe(3);
    expect(readFileSync(pathOf(inputs.slice(1))).equals(png(2, 1))).toBe(true);
  });

  it('gives the model no name that could be more than a name', async () => {
    const { images, put } = makePlace();
    const name = '">\n<b>é.png';
    put(`workspace/${name}`);
    expect(basename(pathOf(await images.inputs('message', [name])))).toMatch(/^[0-9a-f]{32}-1-[\w.-]+\.png$/);
  });

  it.each([
    ['a link', 'link.png', 'not-found'],
    ['what lies behind a link', 'out/shot.png', 'not-found'],
    ['what leads out', '../outside.png', 'path-refused'],
    ['what is elsewhere', '/etc/hostname', 'path-refused'],
    ['a directory', 'directory', 'not-found'],
    ['nothing', 'nothing.png', 'not-found'],
    ['a text', 'text.png', 'invalid-input'],
    ['an SVG', 'drawing.svg', 'invalid-input'],
    ['an empty file', 'empty.png', 'invalid-input'],
    ['a name with a NUL character', 'a\0b', 'path-refused'],
  ])('refuses %s', async (_what, path, code) => {
    const { images, put, root, workspace } = makePlace();
    put('outside.png');
    symlinkSync(join(root, 'outside.png'), join(workspace, 'link.png'));
    symlinkSync(root, join(workspace, 'out'));
    mkdirSync(join(workspace, 'directory'));
    put('workspace/text.png', 'text');
    put('workspace/drawing.svg', '<svg xmlns="http://www.w3.org/2000/svg"/>');
    put('workspace/empty.png', '');
    await expect(images.copy('message', [path])).rejects.toMatchObject({ code });
  });

  it('refuses one that is too large, and more than ten', async () => {
    const { images, put } = makePlace();
    put('workspace/large.png', Buffer.concat([PICTURE, Buffer.alloc(MAX_IMAGE_BYTES)]));
    put('workspace/shot.png');
    await expect(images.copy('message', ['large.png'])).rejects.toMatchObject({ code: 'message-too-large' });
    await images.copy('ten', Array(10).fill('shot.png'));
    await expect(images.copy('message', Array(11).fill('shot.png'))).rejects.toMatchObject({ code: 'invalid-input' });
  });

  it('takes from elsewhere what the task itself names, over no link, and nothing of ours', async () => {
    const names = (root: string) =>
      ['outside.png', 'link.png', 'data/ours.png', 'data/../data/ours.png'].map((name) => `${root}/${name}`);
    const { images, put, root } = makePlace(names);
    put('outside.png');
    put('other.png');
    put('data/ours.png');
    symlinkSync(join(root, 'outside.png'), join(root, 'link.png'));
    const [outside = '', link = '', ...ours] = names(root);
    expect(readFileSync(pathOf(await images.inputs('message', [outside]))).equals(PICTURE)).toBe(true);
    await expect(images.copy('m2', [link])).rejects.toMatchObject({ code: 'not-found' });
    await expect(images.copy('m3', [join(root, 'other.png')])).rejects.toMatchObject({ code: 'path-refused' });
    for (const path of ours) await expect(images.copy('m4', [path])).rejects.toMatchObject({ code: 'path-refused' });
  });
});
