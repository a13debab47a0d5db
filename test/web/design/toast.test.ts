import { expect, test } from 'vitest';
import { OptioError } from '../../../src/errors.ts';
import { Toasts } from '../../../web/src/design/toast.ts';

test('what failed says why and what helps, and stays', () => {
  const toasts = new Toasts();
  toasts.failed(
    'The run could not be paused',
    new OptioError('state-changed', 'it has ended', { remedy: 'Run it again.' }),
  );
  expect(toasts.shown.value).toMatchObject([
    { kind: 'failed', text: 'The run could not be paused: it has ended', detail: 'Run it again.', staysMs: null },
  ]);
});

test('what goes on says how far it is, until it is closed', () => {
  const toasts = new Toasts();
  const id = toasts.doing('Archiving 2 runs', 2);
  toasts.done('Something else');
  const progress = () => toasts.shown.value[0]?.progress;
  expect(progress()).toEqual({ done: 0, of: 2 });
  toasts.advance(id);
  expect([progress(), toasts.shown.value[1]?.progress]).toEqual([{ done: 1, of: 2 }, undefined]);
  toasts.close(id);
  toasts.advance(id);
  expect(toasts.shown.value.map(({ text }) => text)).toEqual(['Something else']);
});

test('an offer is taken once, or has gone once', () => {
  const toasts = new Toasts();
  const told: string[] = [];
  const offer = (name: string) =>
    toasts.done(name, {
      action: { label: 'Undo', act: () => told.push(`${name} undone`) },
      onGone: () => told.push(`${name} gone`),
    });
  const [first, second] = [offer('a'), offer('b')];
  for (const id of [first, first]) toasts.act(id);
  for (const id of [second, second, first]) toasts.close(id);
  expect(told).toEqual(['a undone', 'b gone']);
});

test('the oldest gives way where there are too many', () => {
  const toasts = new Toasts();
  const gone: number[] = [];
  for (let number = 0; number < 6; number++) toasts.done(String(number), { onGone: () => gone.push(number) });
  expect(toasts.shown.value.map(({ text }) => text)).toEqual(['2', '3', '4', '5']);
  expect(gone).toEqual([0, 1]);
});

test('of several that failed each says why, and what helps once where that is the same', () => {
  const toasts = new Toasts();
  const runs = ['a', 'b', 'c'].map((id) => ({ id, name: id.toUpperCase() }));
  const error = (message: string, remedy?: string) => new OptioError('run-busy', message, remedy ? { remedy } : {});
  toasts.failedEach('could not be deleted', runs, []);
  toasts.failedEach('could not be deleted', runs, [
    { id: 'a', error: error('it goes on', 'Cancel it.') },
    { id: 'c', error: error('it waits', 'Cancel it.') },
  ]);
  toasts.failedEach('could not be resumed', runs, [
    { id: 'a', error: error('no space', 'Make some.') },
    { id: 'b', error: error('it has ended') },
  ]);
  expect(toasts.shown.value).toMatchObject([
    {
      text: '2 runs could not be deleted',
      detail: 'Cancel it.',
      each: [
        { name: 'A', text: 'it goes on' },
        { name: 'C', text: 'it waits' },
      ],
    },
    {
      detail: undefined,
      each: [
        { name: 'A', text: 'no space Make some.' },
        { name: 'B', text: 'it has ended' },
      ],
    },
  ]);
});
