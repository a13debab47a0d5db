import { expect, it } from 'vitest';
import { meantInField } from '../../../web/src/requests/enter-key.ts';

it('gives an answer by Enter alone, and not while a letter is being put together', () => {
  const key = (name: string, shiftKey = false, isComposing = false) =>
    meantInField({ key: name, shiftKey, isComposing });
  expect([key('Enter'), key('Escape'), key('a')]).toEqual(['give', 'close', null]);
  expect([key('Enter', true), key('Enter', false, true), key('Escape', false, true)]).toEqual([null, null, null]);
});
