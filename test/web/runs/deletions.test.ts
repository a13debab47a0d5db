import { expect, test, vi } from 'vitest';
import { OptioError } from '../../../src/errors.ts';
import { Toasts } from '../../../web/src/design/toast.ts';
import type { Failure } from '../../../web/src/runs/acts.ts';
import { Deletions } from '../../../web/src/runs/deletions.ts';

interface Named {
  readonly id: string;
  readonly name: string;
}

function deletionsThat(fail: readonly Failure[] = []) {
  const toasts = new Toasts();
  const sent: string[][] = [];
  const remove = async (runs: readonly { readonly id: string }[]) => {
    sent.push(runs.map(({ id }) => id));
    return fail;
  };
  return { toasts, sent, deletions: new Deletions({ toasts, remove }) };
}
const [a, b] = ['a', 'b'].map((id) => ({ id, name: id.toUpperCase() })) as [Named, Named];
const only = (toasts: Toasts) => toasts.shown.value[0]?.id ?? 0;

test('runs are hidden at once, and deleted when nobody can undo it any more', () => {
  const { deletions, toasts, sent } = deletionsThat();
  deletions.begin([a, b]);
  expect([deletions.hidden.value, sent]).toEqual([new Set(['a', 'b']), []]);
  toasts.close(only(toasts));
  expect([deletions.hidden.value, sent]).toEqual([new Set(['a', 'b']), [['a', 'b']]]);
});

test('what is undone is shown again, and nothing was sent', () => {
  const { deletions, toasts, sent } = deletionsThat();
  deletions.begin([a]);
  const id = only(toasts);
  toasts.act(id);
  toasts.close(id);
  expect([deletions.hidden.value, sent, toasts.shown.value]).toEqual([new Set(), [], []]);
});

test('what is not deleted yet is handed over once by a page that is left, and not sent from there', async () => {
  const { deletions, toasts, sent } = deletionsThat();
  deletions.begin([a]);
  toasts.act(only(toasts));
  deletions.begin([a]);
  deletions.begin([b]);
  expect(deletions.leave()).toEqual([a, b]);
  expect([sent, toasts.shown.value, deletions.hidden.value]).toEqual([[], [], new Set(['a', 'b'])]);
  expect(deletions.leave()).toEqual([]);
  deletions.begin([a]);
  toasts.close(only(toasts));
  expect(deletions.leave(), 'what is on its way').toEqual([a]);
  deletions.begin([b]);
  toasts.close(only(toasts));
  await vi.waitFor(() => expect(deletions.leave()).toEqual([]));
  expect(sent).toEqual([['a'], ['b']]);
});

test('what could not be deleted is shown again, and why', async () => {
  const error = new OptioError('run-busy', 'the run has not ended', { remedy: 'Cancel it first.' });
  const { deletions, toasts } = deletionsThat([{ id: 'b', error }]);
  deletions.begin([a, b]);
  toasts.close(only(toasts));
  await vi.waitFor(() => expect(deletions.hidden.value).toEqual(new Set(['a'])));
  expect(toasts.shown.value).toMatchObject([
    { kind: 'failed', text: '“B” could not be deleted: the run has not ended', detail: 'Cancel it first.' },
  ]);
});
