import { Choice } from '../design/choice.tsx';
import { Field } from '../design/field.tsx';
import { Tick } from '../design/tick.tsx';
import type { Problems } from './draft.ts';
import styles from './limit-fields.module.css';
import type { DraftParts } from './use-draft.ts';

const NETWORKS = [
  { value: 'off', label: 'Off' },
  { value: 'hosts', label: 'Some hosts' },
  { value: 'all', label: 'All', means: 'Whatever the commands read can leave this machine.' },
] as const;

const APPROVALS = [
  {
    value: 'on-request',
    label: 'Where it needs more',
    means: 'Codex asks when a command needs more than the sandbox allows.',
  },
  {
    value: 'untrusted',
    label: 'Nearly always',
    means: 'Codex asks before each command that is not known to be harmless.',
  },
  { value: 'never', label: 'Never', means: 'What would need a yes is declined.' },
] as const;

export interface LimitFieldsProps extends DraftParts {
  readonly problems: Problems;
  readonly isAdmin: boolean;
}

/** What the commands of Codex may do, and when it asks. */
export function LimitFields({ draft, change, problems, isAdmin }: LimitFieldsProps) {
  const isUnconfined = draft.sandbox === 'danger-full-access';
  const sandboxes = [
    { value: 'read-only', label: 'Read only', means: 'Commands may read, and write nothing.' },
    { value: 'workspace-write', label: 'Workspace', means: 'Commands may write to the workspace and nowhere else.' },
    ...(isAdmin || isUnconfined
      ? ([{ value: 'danger-full-access', label: 'Full access', isDisabled: !isAdmin }] as const)
      : []),
  ] as const;
  return (
    <>
      <Choice
        label="Commands"
        options={sandboxes}
        value={draft.sandbox}
        onChange={(sandbox) => change({ sandbox })}
        error={problems.sandbox}
      />
      {isUnconfined && <FullAccess draft={draft} change={change} problems={problems} />}
      {!isUnconfined && (
        <Choice
          label="Network of commands"
          options={NETWORKS}
          value={draft.network}
          onChange={(network) => change({ network })}
          error={draft.network === 'hosts' ? undefined : problems.hosts}
        />
      )}
      {!isUnconfined && draft.network === 'hosts' && (
        <Field
          label="Hosts"
          hint="One a line; *.example.org for subdomains. All others are refused."
          error={problems.hosts}
        >
          {(parts) => (
            <textarea
              {...parts}
              rows={2}
              value={draft.hosts}
              spellCheck={false}
              placeholder="api.example.org"
              onChange={(event) => change({ hosts: event.target.value })}
            />
          )}
        </Field>
      )}
      <Choice
        label="Codex asks"
        options={APPROVALS}
        value={draft.approvals}
        onChange={(approvals) => change({ approvals })}
        error={problems.approvals}
      />
    </>
  );
}

function FullAccess({ draft, change, problems }: Omit<LimitFieldsProps, 'isAdmin'>) {
  return (
    <div className={styles.unconfined}>
      <p>
        <strong>Nothing is confined.</strong> Every command can read, change and delete whatever the user of the server
        can, and send it anywhere. Choose it only for a machine that you can lose.
      </p>
      <Tick
        isOn={draft.exposesLogin}
        onChange={(exposesLogin) => change({ exposesLogin })}
        error={problems.exposesLogin}
      >
        I insist: the agent may read the login of this run, and all that are saved here
      </Tick>
    </div>
  );
}
