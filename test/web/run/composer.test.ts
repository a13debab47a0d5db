import { describe, expect, it } from 'vitest';
import { attached } from '../../../web/src/run/composer/attached.ts';
import { newer, older } from '../../../web/src/run/composer/message-history.ts';
import { fitting, pathTokenAt, withPath } from '../../../web/src/run/composer/path-token.ts';
import { uploadName, withFiles } from '../../../web/src/run/composer/upload-name.ts';

describe('the messages that were sent before', () => {
  const messages = ['one', 'two', 'two', 'three'];

  it('come back one after the other, and then what was in the box', () => {
    const first = older(messages, null, 'draft');
    expect(first?.text).toBe('three');
    const second = older(messages, first?.place ?? null, 'three');
    expect(second?.text).toBe('two');
    const third = older(messages, second?.place ?? null, 'two');
    expect(third?.text).toBe('one');
    expect(older(messages, third?.place ?? null, 'one')).toBeUndefined();
    const back = newer(messages, third?.place ?? null, 'one');
    expect(back?.text).toBe('two');
    const again = newer(messages, back?.place ?? null, 'two');
    expect(again?.text).toBe('three');
    expect(newer(messages, again?.place ?? null, 'three')).toEqual({ place: null, text: 'draft' });
  });

  it('are none where nobody looks back, and where there are none', () => {
    expect(newer(messages, null, '')).toBeUndefined();
    expect(older([], null, '')).toBeUndefined();
  });
});

describe('a path after an @', () => {
  /** The caret is where the bar is. */
  const at = (marked: string) => pathTokenAt(marked.replace('|', ''), marked.indexOf('|'));

  it('is found at the caret', () => {
    expect(at('see @src/co| and')).toEqual({ from: 4, to: 11, directory: 'src', begun: 'co' });
    expect(at('@|')).toEqual({ from: 0, to: 1, directory: '', begun: '' });
    expect(at('(@a/b/|')).toMatchObject({ directory: 'a/b', begun: '' });
  });

  it.each(['ada@exam|ple.org', 'see |@src', '@src done |', 'a@b@c|', '|'])('is none in %s', (marked) => {
    expect(at(marked)).toBeUndefined();
  });

  it('is put in the place of what was typed; a directory stays open', () => {
    const text = 'see @sr and';
    const token = pathTokenAt(text, 7);
    if (!token) throw new Error('there is no token');
    expect(withPath(text, token, { path: 'src', isDirectory: true })).toEqual(['see @src/ and', 9]);
    expect(withPath(text, token, { path: 'src/a.ts', isDirectory: false })).toEqual(['see src/a.ts and', 12]);
    expect(withPath('@x', { ...token, from: 0, to: 2 }, { path: 'a b.txt', isDirectory: false })).toEqual([
      '"a b.txt" ',
      10,
    ]);
  });

  it('fits what begins so first, then what contains it', () => {
    const names = ['.git', 'README.md', 'already.txt', 'src'].map((name) => ({ name }));
    expect(fitting(names, 'rea').map(({ name }) => name)).toEqual(['README.md', 'already.txt']);
    expect(fitting(names, '').map(({ name }) => name)).toEqual(['README.md', 'already.txt', 'src']);
    expect(fitting(names, '.').map(({ name }) => name)).toEqual(['.git', 'README.md', 'already.txt']);
  });
});

describe('a file that is added', () => {
  it('gets a name that is free, and harmless', () => {
    expect(uploadName('a.png', new Set())).toBe('a.png');
    expect(uploadName('a.png', new Set(['a.png', 'a-2.png']))).toBe('a-3.png');
    expect(uploadName('noending', new Set(['noending']))).toBe('noending-2');
    expect(uploadName('../../etc/passwd', new Set())).toBe('passwd');
    expect(uploadName('C:\\docs\\x.txt', new Set())).toBe('x.txt');
    expect(uploadName('.bashrc', new Set())).toBe('bashrc');
    expect(uploadName('a\u0000\nb.txt', new Set())).toBe('ab.txt');
    for (const nothing of ['', '..', '/', ' ']) expect(uploadName(nothing, new Set())).toBe('file');
    expect(uploadName(`${'x'.repeat(300)}.txt`, new Set()).length).toBeLessThan(140);
  });

  it('is named in the message, also alone', () => {
    expect(withFiles('Look.', ['uploads/a.png', 'uploads/b'])).toBe(
      'Look.\n\nFiles for you, in the workspace:\n- uploads/a.png\n- uploads/b',
    );
    expect(withFiles('  ', ['uploads/a.png'])).toBe('A file for you, in the workspace:\n- uploads/a.png');
    expect(withFiles(' as it is ', [])).toBe(' as it is ');
  });
});

describe('the files that were added', () => {
  const file = (path: string | null, preview: string | null = null) => ({ path, preview });

  it('go in as pictures where they are some, and by their paths otherwise', () => {
    const files = [file('a.png', 'blob:1'), file('b.txt'), file(null), file('c.gif', 'blob:2')];
    expect(attached(files)).toEqual({ images: ['a.png', 'c.gif'], others: ['b.txt'] });
  });

  it('go in by their paths beyond the tenth picture', () => {
    const files = Array.from({ length: 12 }, (_, at) => file(`${at}.png`, 'blob:1'));
    const { images, others } = attached(files);
    expect([images.length, others]).toEqual([10, ['10.png', '11.png']]);
  });
});
