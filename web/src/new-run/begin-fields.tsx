import { Choice } from '../design/choice.tsx';
import { Field } from '../design/field.tsx';
import { scheduleInWords } from '../tasks/schedule-words.ts';
import { type Problems, usualEnd } from './draft.ts';
import type { DraftParts } from './use-draft.ts';

const BEGINS = [
  { value: 'now', label: 'Now' },
  { value: 'later', label: 'Later' },
  { value: 'repeatedly', label: 'On a schedule', means: 'It becomes a task, whose runs are launched by themselves.' },
] as const;

/** When the run begins: now, at a time, or again and again. */
export function BeginFields({ draft, change, problems }: DraftParts & { readonly problems: Problems }) {
  const { begin, beginAt, cron } = draft;
  const words = scheduleInWords({ cron });
  const choose = (begin: typeof draft.begin) => {
    const isUsual = draft.end === usualEnd(draft.begin);
    change({ begin, end: isUsual ? usualEnd(begin) : draft.end });
  };
  return (
    <>
      <Choice label="Begins" options={BEGINS} value={begin} onChange={choose} />
      {begin === 'later' && (
        <Field label="At" hint="By the clock of this browser." error={problems.beginAt}>
          {(parts) => (
            <input
              {...parts}
              type="datetime-local"
              value={beginAt}
              onChange={(event) => change({ beginAt: event.target.value })}
            />
          )}
        </Field>
      )}
      {begin === 'repeatedly' && (
        <Field
          label="Schedule"
          hint={
            words === cron.trim()
              ? 'Minute, hour, day of the month, month, day of the week; or @hourly, @daily, @weekly. By the clock of the server.'
              : `${words}, by the clock of the server.`
          }
          error={problems.cron}
        >
          {(parts) => (
            <input
              {...parts}
              value={cron}
              spellCheck={false}
              placeholder="0 6 * * 1-5"
              onChange={(event) => change({ cron: event.target.value })}
            />
          )}
        </Field>
      )}
    </>
  );
}
