import { type ComponentType, type JSX, lazy, Suspense, useState } from 'react';
import { Route, Switch } from 'wouter';
import { whenIdle } from './design/idle.ts';
import { NotFound } from './frame/not-found.tsx';

interface Screen<Props> {
  (props: Props & JSX.IntrinsicAttributes): JSX.Element;
  /** Loads its code. */
  readonly load: () => Promise<unknown>;
}

/** A screen that is loaded once somebody goes there, and drawn at once where it has been loaded before. */
function load<Name extends string, Props extends object>(
  from: () => Promise<Record<Name, ComponentType<Props>>>,
  name: Name,
): Screen<Props> {
  let loaded: ComponentType<Props> | undefined;
  const get = async () => {
    loaded = (await from())[name];
    return { default: loaded };
  };
  const Later = lazy(get);
  // biome-ignore lint/correctness/noComponentHookFactories: it is called once for each screen, when this module is loaded
  const Screen = (props: Props & JSX.IntrinsicAttributes) => {
    const [Shown] = useState<ComponentType<Props>>(() => loaded ?? Later);
    return <Shown {...props} />;
  };
  return Object.assign(Screen, { load: get });
}

const RunsPage = load(() => import('./runs/runs-page.tsx'), 'RunsPage');
const RunPage = load(() => import('./run/run-page.tsx'), 'RunPage');
const NewRunPage = load(() => import('./new-run/new-run-page.tsx'), 'NewRunPage');
const RequestsPage = load(() => import('./requests/requests-page.tsx'), 'RequestsPage');
const TasksPage = load(() => import('./tasks/tasks-page.tsx'), 'TasksPage');
const TaskPage = load(() => import('./tasks/task-page.tsx'), 'TaskPage');
const SeedsPage = load(() => import('./seeds/seeds-page.tsx'), 'SeedsPage');
const SettingsPage = load(() => import('./settings/settings-page.tsx'), 'SettingsPage');

/**
 * Loads the screen of this address, where many begin. What is drawn before that code is there has to stay for a while, or
 * React would call it a flicker.
 */
export async function loadScreen(path: string): Promise<void> {
  if (path === '/') await RunsPage.load();
  if (path.startsWith('/runs/')) await RunPage.load();
}

/** Loads the screen to which one goes next from most others, so that a press on a run shows that. */
export async function loadNextScreen(): Promise<void> {
  await whenIdle();
  await RunPage.load();
}

/** Which screen belongs to which address. */
export function Screens() {
  return (
    <Suspense>
      <Switch>
        <Route path="/">
          <RunsPage />
        </Route>
        <Route path="/runs/:run">{({ run }) => <RunPage key={run} runId={run} />}</Route>
        <Route path="/new">
          <NewRunPage />
        </Route>
        <Route path="/requests">
          <RequestsPage />
        </Route>
        <Route path="/tasks">
          <TasksPage />
        </Route>
        <Route path="/tasks/:task">{({ task }) => <TaskPage key={task} taskId={task} />}</Route>
        <Route path="/seeds">
          <SeedsPage />
        </Route>
        <Route path="/settings">
          <SettingsPage />
        </Route>
        <Route>
          <NotFound />
        </Route>
      </Switch>
    </Suspense>
  );
}
