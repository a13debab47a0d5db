import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { describeLogin } from '../../../../src/contract/login-words.ts';
import type { ErrorRecord } from '../../../../src/contract/outcome.ts';
import type { RunDetails } from '../../../../src/contract/run-summary.ts';
import type { RunView } from '../../../../src/contract/view.ts';
import { CopyButton } from '../../design/copy-button.tsx';
import { grouped } from '../../design/figures.ts';
import { durationInWords } from '../../design/in-words.ts';
import { full } from '../../design/moment.ts';
import { Problem } from '../../design/problem.tsx';
import { useLoaded } from '../../design/use-loaded.ts';
import { api } from '../../live/api.ts';
import { sandboxSummary } from '../header/sandbox-summary.ts';
import { TaskName } from '../header/task-name.tsx';
import styles from './panel.module.css';

/** Everything that is known of a run besides what happened in it. */
export function DetailsPanel({ runId, view }: { readonly runId: string; readonly view: RunView }) {
  const details = useLoaded(`${runId}/${view.state}`, async () => (await api.find(runId)).details());
  const { outcome, session, controls, budget } = view;
  const { data } = details;
  return (
    <>
      {details.problem && <Problem error={details.problem} title="The details did not come" />}
      {outcome && (
        <section className={styles.section}>
          <h2>How it ended</h2>
          <dl className={styles.facts}>
            <Fact name="Outcome">{outcome.status}</Fact>
            {data?.cancelReason && <Fact name="Because">{data.cancelReason}</Fact>}
            <Fact name="After">{durationInWords(outcome.durationMs)}</Fact>
            <Fact name="Turns">{outcome.turns}</Fact>
            <Fact name="Tokens">
              {grouped(outcome.usage.total)} ({grouped(outcome.usage.input)} in, of these{' '}
              {grouped(outcome.usage.cached)} cached; {grouped(outcome.usage.output)} out)
            </Fact>
          </dl>
          {outcome.error && <Failure error={outcome.error} />}
        </section>
      )}
      <section className={styles.section}>
        <h2>Run</h2>
        <dl className={styles.facts}>
          <Fact name="Id">
            <code>{runId}</code> <CopyButton text={runId} />
          </Fact>
          {data && <RunFactsOf data={data} />}
          {budget && <Fact name="Budget">{budgetInWords(budget)}</Fact>}
        </dl>
      </section>
      {session && (
        <section className={styles.section}>
          <h2>Session</h2>
          <dl className={styles.facts}>
            <Fact name="Workspace">
              <code>{session.workspace.path}</code> ({session.workspace.kind})
            </Fact>
            <Fact name="Sandbox">{sandboxSummary(session.sandbox)}</Fact>
            <Fact name="Profile">{controls?.profile ?? 'none'}</Fact>
            <Fact name="Asks">{controls?.approvalPolicy ?? session.sandbox.approvalPolicy}</Fact>
            <Fact name="Login">{describeLogin(session)}</Fact>
            <Fact name="Codex">{session.codexVersion}</Fact>
            <Fact name="Thread">
              <code>{session.threadId}</code>
            </Fact>
          </dl>
        </section>
      )}
      {data && data.params !== null && data.params !== undefined && (
        <section className={styles.section}>
          <h2>Parameters</h2>
          <pre className={styles.json}>{JSON.stringify(data.params, null, 2)}</pre>
        </section>
      )}
    </>
  );
}

function RunFactsOf({ data }: { readonly data: RunDetails }) {
  const tags = Object.entries(data.metadata);
  return (
    <>
      <Fact name="Task">
        <TaskName taskId={data.taskId} />
      </Fact>
      <Fact name="Host">{data.host}</Fact>
      <Fact name="Attempt">{data.attempt}</Fact>
      <Fact name="Launched">{time(data.createdAt)}</Fact>
      {data.notBefore && <Fact name="Not before">{time(data.notBefore)}</Fact>}
      {data.startedAt && <Fact name="Begun">{time(data.startedAt)}</Fact>}
      {data.endedAt && <Fact name="Ended">{time(data.endedAt)}</Fact>}
      {data.expiresAt && <Fact name="Kept until">{time(data.expiresAt)}</Fact>}
      {data.retryOf && <Fact name="Repeats">{runLink(data.retryOf)}</Fact>}
      {data.parentId && <Fact name="Begun by">{runLink(data.parentId)}</Fact>}
      {tags.length > 0 && <Fact name="Tags">{tags.map(([key, value]) => `${key}=${value}`).join(', ')}</Fact>}
    </>
  );
}

function Failure({ error: { code, message, remedy, exitCode, signal, stderr } }: { readonly error: ErrorRecord }) {
  const ended = [exitCode != null && `exit code ${exitCode}`, signal && `signal ${signal}`].filter(Boolean).join(', ');
  return (
    <div className={styles.failure}>
      <p>{message}</p>
      {remedy && <p>{remedy}</p>}
      <p className={styles.note}>{[code, ended].filter(Boolean).join(' · ')}</p>
      {stderr && <pre className={styles.json}>{stderr}</pre>}
    </div>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function runLink(id: string) {
  return (
    <Link href={`/runs/${id}`}>
      <code>{id}</code>
    </Link>
  );
}

function time(at: string) {
  return <time dateTime={at}>{full(at)}</time>;
}

function budgetInWords({ turns, tokens, wallMs, onReached }: NonNullable<RunView['budget']>): string {
  const limits = [
    turns !== undefined && `${turns} turns`,
    tokens !== undefined && `${grouped(tokens)} tokens`,
    wallMs !== undefined && durationInWords(wallMs),
  ].filter(Boolean);
  return `${limits.join(', ') || 'no limit'}; then it ${onReached === 'fail' ? 'has failed' : 'is paused'}`;
}
