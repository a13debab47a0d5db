import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useLocation, useSearchParams } from 'wouter';
import { fromUnknown } from '../../../src/errors.ts';
import { Button } from '../design/button.tsx';
import { useCaller } from '../design/caller.ts';
import { Fold } from '../design/fold.tsx';
import { LOOK_ONLY } from '../design/looking-on.ts';
import { Problem } from '../design/problem.tsx';
import { useAction } from '../design/use-action.ts';
import { useLoaded } from '../design/use-loaded.ts';
import { useTitle } from '../frame/title.ts';
import { api, waiting } from '../live/api.ts';
import { useStore } from '../live/store.ts';
import { ParamFields } from '../tasks/param-fields.tsx';
import { placeholdersOf } from '../tasks/placeholders.ts';
import { BeginFields } from './begin-fields.tsx';
import { type Problems, usualEnd } from './draft.ts';
import { draftOfRun, draftOfTask, type TakenOver } from './draft-of-run.ts';
import { keepDirectory, keepModelChoice, keepPrompt } from './history.ts';
import { LimitFields } from './limit-fields.tsx';
import { LoginFields } from './login-fields.tsx';
import { ModelFields } from './model-fields.tsx';
import { MoreFields, moreFieldsOf } from './more-fields.tsx';
import styles from './new-run-page.module.css';
import { problemsOf, problemsOfError, shownProblems } from './problems.ts';
import { PromptField } from './prompt-field.tsx';
import { countChanged, sentenceOf } from './sentence.ts';
import { optionsOf, specOf } from './spec-of-draft.ts';
import { taskOf } from './task-of-draft.ts';
import { useDraft } from './use-draft.ts';
import { WorkspaceFields } from './workspace-fields.tsx';

/** Gives Codex something to do: a form, of which most stands there already. */
export function NewRunPage() {
  useTitle('New run');
  const [, goTo] = useLocation();
  const [search] = useSearchParams();
  const from = search.get('from');
  const { draft, change, replace, forget } = useDraft();
  const [notes, setNotes] = useState<readonly string[]>([]);
  const [refused, setRefused] = useState<Problems>({});
  const [tried, setTried] = useState<Problems>({});
  const [isMoreOpen, setMoreOpen] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const { isAdmin, mayAct } = useCaller();
  const waits = useStore(waiting.calls).length > 0;
  const models = useLoaded('models', () => api.models());
  const tasks = useLoaded('tasks', () => api.tasks());

  const takeOver = (taken: TakenOver) => {
    replace(taken.draft);
    setNotes(taken.notes);
    setRefused({});
  };
  const fetchRun = useAction(async (run: string) => takeOver(draftOfRun(await (await api.find(run)).details())));
  const fetchTask = useAction(async (task: string) => takeOver(draftOfTask(await api.task(task))));
  const { begin: takeRun } = fetchRun;
  useEffect(() => {
    if (from !== null) void takeRun(from);
  }, [from, takeRun]);

  const isTask = search.get('begin') === 'repeatedly';
  useEffect(() => {
    if (isTask) change({ begin: 'repeatedly', end: usualEnd('repeatedly') });
  }, [isTask, change]);

  /** Resolves with where to see what has begun. */
  const begin = async (idempotencyKey: string) => {
    if (draft.begin !== 'repeatedly')
      return `/runs/${(await api.run(specOf(draft), { ...optionsOf(draft), idempotencyKey })).id}`;
    const taken = new Set((await api.tasks()).map(({ id }) => id));
    return `/tasks/${encodeURIComponent((await api.addTask(taskOf(draft, taken))).id)}`;
  };
  // One key for one draft, so that a launch whose answer was lost is not made twice.
  const key = useRef<string>(undefined);
  const launch = useAction(async () => {
    key.current ??= crypto.getRandomValues(new Uint32Array(4)).join('-');
    try {
      keepPrompt(draft.prompt);
      if (draft.workspace !== 'fresh') keepDirectory(draft.directory.trim());
      const address = await begin(key.current);
      keepModelChoice(draft);
      forget();
      goTo(address);
    } catch (thrown) {
      setRefused(problemsOfError(fromUnknown(thrown), draft));
      showProblem(form.current);
    }
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: with each change it is another run, which nobody has refused yet
  useEffect(() => {
    key.current = undefined;
    setRefused({});
  }, [draft]);

  const found = problemsOf(draft);
  const problems = { ...shownProblems(found, tried), ...refused };
  const submit = async (event?: FormEvent) => {
    event?.preventDefault();
    setTried(found);
    if (Object.keys(found).length > 0) return showProblem(form.current);
    await launch.begin();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter') return;
    if (event.ctrlKey || event.metaKey) void submit();
    else if (event.target instanceof HTMLInputElement) event.preventDefault(); // who ends a line does not mean the launch
  };
  const parts = { draft, change, problems };
  const changed = countChanged(draft, moreFieldsOf(draft));
  const places = placeholdersOf(draft.prompt);
  const unfilled = places.filter((name) => (draft.params[name] ?? '') === '');
  return (
    <form className={styles.page} ref={form} onSubmit={(event) => void submit(event)} onKeyDown={onKeyDown} noValidate>
      <div className={styles.column}>
        <h1>{from === null ? 'New run' : 'Same again, changed'}</h1>
        <Problem error={fetchRun.problem ?? fetchTask.problem} />
        {notes.map((note) => (
          <p key={note} className={styles.note} role="status">
            {note}
          </p>
        ))}
        <PromptField
          draft={draft}
          change={change}
          error={problems.prompt}
          tasks={tasks.data ?? []}
          onTemplate={(task) => void fetchTask.begin(task)}
        />
        {places.length > 0 && (
          <ParamFields names={places} values={draft.params} onChange={(params) => change({ params })} />
        )}
        <div className={styles.group}>
          <WorkspaceFields {...parts} />
        </div>
        <div className={styles.group}>
          <ModelFields {...parts} models={models} isAdmin={isAdmin} />
          {draft.provider === 'openai' && <LoginFields {...parts} />}
        </div>
        <div className={styles.group}>
          <LimitFields {...parts} isAdmin={isAdmin} />
        </div>
        <div className={styles.group}>
          <BeginFields {...parts} />
        </div>
        <Fold
          title="More"
          note={changed === 0 ? 'budget, end, isolation, name, tags, variables' : `${changed} changed`}
          isOpen={isMoreOpen}
          onToggle={setMoreOpen}
        >
          <MoreFields {...parts} />
        </Fold>
        <KeptNote draft={draft} />
      </div>
      <footer className={styles.footer}>
        <div className={styles.column}>
          {problems.other !== undefined && <Problem error={{ message: problems.other }} />}
          {unfilled.length > 0 && (
            <p className={styles.unfilled} role="status">
              Not filled in: {unfilled.map((name) => `{{${name}}}`).join(', ')}. Codex reads it as it stands.
            </p>
          )}
          <p className={styles.sentence} data-unconfined={draft.sandbox === 'danger-full-access' || undefined}>
            {sentenceOf(draft)}
          </p>
          <div className={styles.launch}>
            {mayAct === false && <span className={styles.quiet}>{LOOK_ONLY}.</span>}
            <kbd className={styles.quiet}>Ctrl Enter</kbd>
            <Button kind="main" type="submit" disabled={launch.isBusy || mayAct === false}>
              {launch.isBusy ? (waits ? 'Not sent yet …' : 'Launching …') : LAUNCH[draft.begin]}
            </Button>
          </div>
        </div>
      </footer>
    </form>
  );
}

/** What the button says, by when it begins. */
const LAUNCH = { now: 'Launch', later: 'Launch later', repeatedly: 'Make the task' } as const;

/** Names what holds besides, and has no field here. */
function KeptNote({ draft }: { readonly draft: ReturnType<typeof useDraft>['draft'] }) {
  const shown = ['provider', 'workspace', 'mode'];
  const names = [
    ...Object.keys(draft.kept.spec).filter((name) => !shown.includes(name)),
    ...Object.keys(draft.kept.options),
  ];
  const named = names.filter((name) => name !== 'params');
  if (named.length === 0) return null;
  return <p className={styles.quiet}>Taken over as it was: {named.join(', ')}.</p>;
}

/** Brings the first field that is wrong into view, once it says so. */
function showProblem(form: HTMLFormElement | null): void {
  requestAnimationFrame(() => {
    const wrong = form?.querySelector<HTMLElement>('[aria-invalid]');
    wrong?.closest('details')?.setAttribute('open', '');
    wrong?.focus();
  });
}
