import { type ComponentType, type LazyExoticComponent, lazy, Suspense } from 'react';
import { Route, Switch } from 'wouter';
import { NotFound } from './frame/not-found.tsx';

/** A screen that is loaded once somebody goes there. */
function load<Name extends string, Props>(
  from: () => Promise<Record<Name, ComponentType<Props>>>,
  name: Name,
): LazyExoticComponent<ComponentType<Props>> {
  return lazy(async () => ({ default: (await from())[name] }));
}

const RunsPage = load(() => import('./runs/runs-page.tsx'), 'RunsPage');
const RunPage = load(() => import('./run/run-page.tsx'), 'RunPage');
const NewRunPage = load(() => import('./new-run/new-run-page.tsx'), 'NewRunPage');
const RequestsPage = load(() => import('./requests/requests-page.tsx'), 'RequestsPage');
const TasksPage = load(() => import('./tasks/tasks-page.tsx'), 'TasksPage');
const TaskPage = load(() => import('./tasks/task-page.tsx'), 'TaskPage');
const SeedsPage = load(() => import('./seeds/seeds-page.tsx'), 'SeedsPage');
const SettingsPage = load(() => import('./settings/settings-page.tsx'), 'SettingsPage');

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
