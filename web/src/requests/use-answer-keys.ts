import { useLayoutEffect, useState } from 'react';
import type { Answer, Request } from '../../../src/contract/request.ts';
import { useLooksOn } from '../design/looking-on.ts';
import { toasts } from '../design/toast.ts';
import type { Shortcut } from '../frame/keys.ts';
import { useShortcuts } from '../frame/shortcuts.ts';
import { Settling } from './answer-keys.ts';
import { DECISIONS } from './decisions.ts';
import { giveAnswer } from './give-answer.ts';
import { focusedCard, openCards } from './open-cards.ts';
import { isApproval } from './sandbox-words.ts';

export interface AnswerKeysOptions {
  /** What the keys belong to, as the map of the keyboard tells it. */
  readonly name: string;
  readonly runId?: string;
  /** What is answered where no card has the focus; null: nothing is. */
  readonly oldest: Request | null;
  /** Other keys of the same screen. */
  readonly others: readonly Shortcut[];
}

/** Lets keys say yes and no: to the card that has the focus, and without one to the oldest request. */
export function useAnswerKeys({ name, runId, oldest, others }: AnswerKeysOptions): void {
  const looksOn = useLooksOn();
  const [settling] = useState(() => new Settling());
  useLayoutEffect(() => settling.show(oldest?.id ?? null, performance.now()));
  const answer = (said: Answer, at: number) => {
    const focused = focusedCard();
    const request = focused ? focused.request : oldest;
    if (!request || !isApproval(request)) return;
    if (!focused && !settling.isMeant(at)) return;
    settling.answered(at);
    const card = focused ?? [...openCards].find((one) => one.request === request);
    if (card) card.give(said);
    else if (runId !== undefined)
      giveAnswer(runId, request, said).catch((thrown) => toasts.failed('Not answered', thrown));
  };
  useShortcuts(name, [
    ...others,
    ...(looksOn ? [] : DECISIONS).map(({ keys, label, answer: said }): Shortcut => {
      return { keys, label, act: ({ timeStamp, repeat }) => repeat || answer(said, timeStamp) };
    }),
  ]);
}
