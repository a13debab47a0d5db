import { type FormEvent, useMemo, useState } from 'react';
import type { Answer, Request } from '../../../src/contract/request.ts';
import { Button } from '../design/button.tsx';
import styles from './form.module.css';
import { contentOf } from './form-content.ts';
import { FieldView } from './form-field.tsx';
import { type FieldValue, fieldsOf } from './form-fields.ts';
import cardStyles from './request-card.module.css';

export interface ElicitationFormProps {
  readonly request: Extract<Request, { kind: 'elicitation' }>;
  readonly isBusy: boolean;
  readonly onAnswer: (answer: Answer) => void;
}

/** What an MCP server wants to know: a form made of its schema, or a page to visit. */
export function ElicitationForm({ request: { schema, url, server }, isBusy, onAnswer }: ElicitationFormProps) {
  const fields = useMemo(() => fieldsOf(schema), [schema]);
  const [values, setValues] = useState<Readonly<Record<string, FieldValue>>>({});
  const [isTried, setTried] = useState(false);
  const { content, problems } = contentOf(fields, values);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(problems).length > 0) return;
    onAnswer({ kind: 'form', action: 'accept', ...(schema !== undefined && { content }) });
  };
  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      {url !== undefined && <PageToVisit url={url} />}
      {fields.map((field) => (
        <FieldView
          key={field.name}
          field={field}
          value={values[field.name] ?? field.initial}
          problem={isTried ? problems[field.name] : undefined}
          onChange={(value) => setValues({ ...values, [field.name]: value })}
        />
      ))}
      {schema !== undefined && <p className={styles.description}>What you say goes to the MCP server {server}.</p>}
      <div className={cardStyles.buttons}>
        <Button kind="main" type="submit" disabled={isBusy}>
          {isBusy ? 'Answering …' : schema === undefined ? 'I have done it' : 'Send'}
        </Button>
        <Button disabled={isBusy} onClick={() => onAnswer({ kind: 'form', action: 'decline' })}>
          Decline
        </Button>
        <Button kind="quiet" disabled={isBusy} onClick={() => onAnswer({ kind: 'form', action: 'cancel' })}>
          Cancel
        </Button>
      </div>
    </form>
  );
}

/** An agent has a hand in the address: it is shown whole, and only pages of the web are opened. */
function PageToVisit({ url }: { readonly url: string }) {
  const isPage = /^https?:\/\//i.test(url);
  if (!isPage) {
    return (
      <p>
        It wants you to open <code>{url}</code>, which is no page of the web and is not opened from here.
      </p>
    );
  }
  return (
    <p>
      Visit this page, in a tab of its own:{' '}
      <a className={styles.address} href={url} target="_blank" rel="noopener noreferrer">
        {url}
      </a>
    </p>
  );
}
