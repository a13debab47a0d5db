import { useMemo } from 'react';
import type { Request } from '../../../src/contract/request.ts';
import { CopyButton } from '../design/copy-button.tsx';
import { DiffView } from '../design/diff-view.tsx';
import { exact } from '../design/exact.ts';
import { fittingRule, ruleText } from './fitting-rule.ts';
import styles from './request-card.module.css';
import { type Approval, beyondInWords, isApproval, placeInWords, sandboxInWords } from './sandbox-words.ts';
import { ShellText } from './shell-text.tsx';

/** What a request is about: what would be done, where, why, and how far it would be confined. */
export function RequestContent({ request }: { readonly request: Request }) {
  return (
    <>
      <Subject request={request} />
      {isApproval(request) && <Confinement request={request} />}
      {request.reason && (
        <p className={styles.reason}>
          <span className={styles.label}>Why</span> {exact(request.reason)}
        </p>
      )}
      {isApproval(request) && <Rule request={request} />}
    </>
  );
}

function Subject({ request }: { readonly request: Request }) {
  switch (request.kind) {
    case 'command': {
      const beyond = beyondInWords(request);
      return (
        <>
          {beyond && <p className={styles.beyond}>{beyond}</p>}
          <ShellText text={request.command} />
          <Place directory={request.cwd} isWorkspace={request.cwd === request.workspace} />
        </>
      );
    }
    case 'fileChange':
      return (
        <>
          {request.changes.length === 0 && <p>Codex has not told what would be changed.</p>}
          {request.changes.map(({ path, kind, diff, movedTo }) => (
            <DiffView
              key={path}
              path={placeInWords(path, request.cwd)}
              kind={kind}
              diff={diff}
              isContent={kind === 'add' || kind === 'delete'}
              movedTo={movedTo && placeInWords(movedTo, request.cwd)}
            />
          ))}
          {request.cwd !== undefined && <Place directory={request.cwd} isWorkspace={false} />}
        </>
      );
    case 'permissions':
      return <Json value={request.permissions} />;
    case 'mcpTool':
      return (
        <>
          <p>{request.message}</p>
          <Json value={request.arguments} />
        </>
      );
    case 'elicitation':
      return <p className={styles.message}>{request.message}</p>;
    case 'question':
      return null;
  }
}

/** Where it would be done: in a list of requests of many runs no other line says in which of their workspaces. */
function Place({ directory, isWorkspace }: { readonly directory: string; readonly isWorkspace: boolean }) {
  return (
    <p className={styles.place}>
      <span className={styles.label}>In</span> <code>{exact(directory)}</code>
      {isWorkspace && <span className={styles.label}>, the workspace</span>}
    </p>
  );
}

function Confinement({ request }: { readonly request: Approval }) {
  const { text, isGrave } = sandboxInWords(request);
  return (
    <p className={styles.sandbox} data-grave={isGrave}>
      {isGrave ? <strong>{text}</strong> : text}
    </p>
  );
}

/** Whoever says yes again and again may let a rule say it. */
function Rule({ request }: { readonly request: Approval }) {
  const rule = useMemo(() => fittingRule(request), [request]);
  if (!rule) return null;
  const json = ruleText(rule);
  return (
    <details className={styles.rule}>
      <summary>A rule that would allow just this</summary>
      <p>
        In the <code>rules</code> of a launch or of a task it answers in your place.
        {rule.sandboxed === 'any' && ' It allows this outside of the sandbox as well.'}
      </p>
      <pre>{json}</pre>
      <CopyButton text={json} label="Copy the rule" />
    </details>
  );
}

function Json({ value }: { readonly value: unknown }) {
  return <pre className={styles.json}>{JSON.stringify(value, null, 2)}</pre>;
}
