import { useState } from 'react';
import type { ServerInfo } from '../../../src/contract/server-info.ts';
import { AskFirst } from '../design/ask-first.tsx';
import { Button } from '../design/button.tsx';
import { Command } from '../design/command.tsx';
import { Problem } from '../design/problem.tsx';
import { Time } from '../design/time.tsx';
import { useAction } from '../design/use-action.ts';
import { api, base, feed } from '../live/api.ts';
import { useStore } from '../live/store.ts';
import { logOut } from '../login/session.ts';
import { Section } from './section.tsx';
import styles from './settings-page.module.css';

/** Who answers, as whom it sees one, and how one leaves. */
export function ServerView({ server, isAdmin }: { readonly server: ServerInfo; readonly isAdmin: boolean }) {
  const [isAsked, setAsked] = useState(false);
  const [isStopped, setStopped] = useState(false);
  const { runs } = useStore(feed.list);
  const underWay = [...runs.values()].filter(({ endedAt }) => endedAt === null).length;
  const leave = useAction(async () => {
    await logOut();
    location.assign(`${base}/`);
  });
  return (
    <>
      <Section title="You">
        <dl className={styles.facts}>
          <dt>Token</dt>
          <dd>{server.caller.name}</dd>
          <dt>Role</dt>
          <dd>{server.caller.role}</dd>
        </dl>
        <div className={styles.buttons}>
          <Button onClick={() => void leave.begin()} disabled={leave.isBusy}>
            {leave.isBusy ? 'Logging out …' : 'Log out'}
          </Button>
        </div>
        <Problem error={leave.problem} />
      </Section>
      <Section title="The server">
        <dl className={styles.facts}>
          <dt>Version</dt>
          <dd>{server.version}</dd>
          <dt>Machine</dt>
          <dd>{server.machine.name}</dd>
          <dt>Data directory</dt>
          <dd>
            <code>{server.dataDir}</code>
          </dd>
          <dt>Started</dt>
          <dd>
            <Time at={server.startedAt} isFull />
          </dd>
          <dt>Process</dt>
          <dd>{server.pid}</dd>
          <dt>API</dt>
          <dd>
            <a href="api/docs">the reference</a>
          </dd>
        </dl>
        {isAdmin && (
          <div className={styles.buttons}>
            <Button kind="danger" onClick={() => setAsked(true)} disabled={isStopped}>
              {isStopped ? 'It stops …' : 'Stop the server'}
            </Button>
          </div>
        )}
      </Section>
      <AskFirst
        isOpen={isAsked}
        onClose={() => setAsked(false)}
        title="Stop the server?"
        verb="Stop it"
        verbWhile="Stopping …"
        act={async () => {
          await api.stopServer();
          setStopped(true);
        }}
      >
        <p>
          {underWay === 0 ? 'No run is under way.' : `${underWay} ${underWay === 1 ? 'run is' : 'runs are'} not over.`}{' '}
          What is under way lives on, and the next server takes it up; until then nobody can answer it, and this page
          shows nothing new.
        </p>
        <p>
          Start it again on <strong>{server.machine.name}</strong>, with <Command args="serve" />.
        </p>
      </AskFirst>
    </>
  );
}
