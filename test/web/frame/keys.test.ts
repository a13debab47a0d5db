import { expect, test } from 'vitest';
import { inWords, KeyReader, nameOf, type Shortcut } from '../../../web/src/frame/keys.ts';

const press = (key: string, held: Partial<Record<'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey', boolean>> = {}) =>
  nameOf({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...held });

test('a key has one name, whatever keyboard it is on', () => {
  expect([press('j'), press('J', { shiftKey: true }), press('?', { shiftKey: true })]).toEqual(['j', 'Shift+J', '?']);
  expect([press('k', { ctrlKey: true }), press('k', { metaKey: true })]).toEqual(['Mod+K', 'Mod+K']);
  expect(press('Escape')).toBe('Escape');
  expect([press('Shift', { shiftKey: true }), press('j', { altKey: true }), press('Dead')]).toEqual([null, null, null]);
});

const shortcut = (keys: string, label = keys): Shortcut => ({ keys, label, act: () => {} });

test('two keys one after the other mean one thing, if the second comes soon', () => {
  const all = [shortcut('g r'), shortcut('r'), shortcut('x'), shortcut('Mod+K')];
  const reader = new KeyReader();
  const read = (name: string, now: number) => reader.read(name, all, now)?.keys;
  expect([read('g', 0), read('r', 1_000)]).toEqual([undefined, 'g r']);
  expect([read('g', 0), read('r', 5_000)]).toEqual([undefined, 'r']);
  expect([read('g', 0), read('x', 10), read('r', 20)], 'a pair that there is none of').toEqual([
    undefined,
    undefined,
    'r',
  ]);
  expect([read('g', 0), read('Mod+K', 10)], 'what is held down with another is meant').toEqual([undefined, 'Mod+K']);
  expect([read('g', 0), read('g', 10), read('r', 20)]).toEqual([undefined, undefined, 'g r']);
});

test('a screen comes before the frame', () => {
  const all = [shortcut('x', 'frame'), shortcut('x', 'screen')];
  expect(new KeyReader().read('x', all, 0)?.label).toBe('screen');
});

test('keys that are only told of do nothing here', () => {
  const all = [shortcut('Enter', 'frame'), { keys: 'Enter', label: 'told' }, { keys: 'Escape Escape', label: 'told' }];
  const reader = new KeyReader();
  expect([reader.read('Enter', all, 0)?.label, reader.read('Escape', all, 0)]).toEqual(['frame', undefined]);
  expect(new KeyReader().read('Escape', [shortcut('Escape'), ...all], 0)?.label).toBe('Escape');
});

test('keys are told as they stand on the keyboard', () => {
  expect([inWords('Mod+K', true), inWords('Mod+K', false), inWords('g r', false)]).toEqual([
    ['⌘', 'K'],
    ['Ctrl', 'K'],
    ['g', 'r'],
  ]);
});
