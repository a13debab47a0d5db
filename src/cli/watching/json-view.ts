import type { RunHandle } from '../../contract/run-handle.ts';
import { howToAnswer } from '../requests/answer-hint.ts';
import { jsonLine } from '../terminal/text.ts';
import type { Ending } from './ending.ts';
import { orLeft, readJournal } from './journal.ts';
import { pastOf } from './past.ts';
import type { ViewOptions } from './plain-view.ts';
import { applyRule, ruleFor } from './rule.ts';
import { Unanswered } from './unanswered.ts';
import { UnattendedSignals } from './unattended-signals.ts';

/** Prints the journal's events as JSON lines, and nothing else. */
export async function watchAsJson(handle: RunHandle, options: ViewOptions): Promise<Ending> {
  const { output, complaints, rule, leaving } = options;
  const unanswered = new Unanswered(leaving);
  const left = unanswered.signal;
  const signals = new UnattendedSignals(handle, options);
  const past = handle.view().then(pastOf); // all of the run, which is read once
  const last = applyRule(handle, rule, { left, past, onRefused: (thrown) => unanswered.refuse(thrown) });
  last.catch(() => {}); // what keeps it from reading keeps us from it too
  let isLost = false;
  const onLost = (after: number) => {
    isLost = true;
    complaints.write(
      `optio-codex: this output is being read too slowly: the events between ${after} and the last one are missing\n`,
    );
  };
  const answer = ruleFor(rule);
  try {
    const isPast = await past;
    for await (const event of readJournal(handle, { output, onLost, left })) {
      output.write(jsonLine(event));
      const isAsked = event.type === 'request.opened' && !isPast(event) && !answer(event.request);
      if (isAsked) complaints.write(howToAnswer(handle.id, event.request));
    }
    const end = await last;
    if (isLost && end) output.write(jsonLine(end));
    const outcome = await orLeft(handle.outcome, left);
    return outcome ? { outcome } : unanswered.ending;
  } finally {
    signals.release();
  }
}
