import { type FormEvent, type KeyboardEvent, useId, useState } from 'react';
import type { Answer, Question, Request } from '../../../src/contract/request.ts';
import { Button } from '../design/button.tsx';
import { meantInField } from './enter-key.ts';
import styles from './form.module.css';
import { answersOf, NOTHING_YET, type QuestionDraft } from './question-answers.ts';
import cardStyles from './request-card.module.css';

export interface QuestionFormProps {
  readonly request: Extract<Request, { kind: 'question' }>;
  readonly isBusy: boolean;
  readonly onAnswer: (answer: Answer) => void;
}

/** The agent's own questions: to choose from what it offers, or to answer in one's own words. */
export function QuestionForm({ request: { questions }, isBusy, onAnswer }: QuestionFormProps) {
  const [drafts, setDrafts] = useState<Readonly<Record<string, QuestionDraft>>>({});
  const [missing, setMissing] = useState<readonly string[]>([]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const given = answersOf(questions, drafts);
    setMissing(given.missing);
    if (given.missing.length === 0) onAnswer(given.answer);
  };
  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      {questions.map((question) => (
        <QuestionField
          key={question.id}
          question={question}
          draft={drafts[question.id] ?? NOTHING_YET}
          isMissing={missing.includes(question.id)}
          onChange={(draft) => setDrafts({ ...drafts, [question.id]: draft })}
        />
      ))}
      <div className={cardStyles.buttons}>
        <Button kind="main" type="submit" disabled={isBusy}>
          {isBusy ? 'Answering …' : 'Answer'}
        </Button>
        <Button disabled={isBusy} onClick={() => onAnswer({ kind: 'answers', answers: {} })}>
          Leave it to Codex
        </Button>
      </div>
    </form>
  );
}

/** Shift Enter is left to the field: it begins a new line. */
function giveByEnter(event: KeyboardEvent<HTMLTextAreaElement>): void {
  if (meantInField(event.nativeEvent) !== 'give') return;
  event.preventDefault();
  event.currentTarget.form?.requestSubmit();
}

interface FieldProps {
  readonly question: Question;
  readonly draft: QuestionDraft;
  readonly isMissing: boolean;
  readonly onChange: (draft: QuestionDraft) => void;
}

function QuestionField({ question, draft, isMissing, onChange }: FieldProps) {
  const id = useId();
  const { header, question: text, options, allowsOther, isSecret } = question;
  const isFree = options.length === 0;
  const typed = {
    'aria-label': isFree ? text : 'Another answer',
    'aria-invalid': isMissing,
    'aria-describedby': isMissing ? `${id}-problem` : undefined,
    value: draft.other,
  };
  const onType = (other: string) => onChange({ option: isFree ? null : 'other', other });
  return (
    <fieldset className={styles.group}>
      <legend className={styles.question}>
        {header && <span className={styles.header}>{header} </span>}
        {text}
      </legend>
      {options.map(({ label, description }, at) => (
        <label key={label} className={styles.option}>
          <input
            type="radio"
            name={id}
            checked={draft.option === at}
            onChange={() => onChange({ ...draft, option: at })}
          />
          <span dir="auto">
            {label}
            {description && description !== label && <span className={styles.description}> {description}</span>}
          </span>
        </label>
      ))}
      {!isFree && allowsOther && (
        <label className={styles.option}>
          <input
            type="radio"
            name={id}
            checked={draft.option === 'other'}
            onChange={() => onChange({ ...draft, option: 'other' })}
          />
          Something else
        </label>
      )}
      {(isFree || (allowsOther && draft.option === 'other')) &&
        (isSecret ? (
          <input {...typed} type="password" autoComplete="off" onChange={(event) => onType(event.target.value)} />
        ) : (
          <textarea
            {...typed}
            rows={2}
            dir="auto"
            onChange={(event) => onType(event.target.value)}
            onKeyDown={giveByEnter}
          />
        ))}
      {isSecret && <p className={styles.description}>A secret: it goes to Codex and is kept nowhere.</p>}
      {isMissing && (
        <p id={`${id}-problem`} className={styles.problem} role="alert">
          It needs an answer.
        </p>
      )}
    </fieldset>
  );
}
