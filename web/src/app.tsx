import { useEffect } from 'react';
import { Route, Router, Switch } from 'wouter';
import { Frame } from './frame/frame.tsx';
import { base, feed } from './live/api.ts';
import { useStore } from './live/store.ts';
import { Login } from './login/login.tsx';
import { logInByLink } from './login/session.ts';
import { RequestsPage } from './requests/requests-page.tsx';
import { RunPage } from './run/run-page.tsx';
import { RunsPage } from './runs/runs-page.tsx';

export function App() {
  const status = useStore(feed.status);
  useEffect(() => {
    void logInByLink().finally(() => feed.start());
    return () => feed.stop();
  }, []);
  if (status === 'locked') return <Login onDone={() => feed.start()} />;
  return (
    <Router base={base}>
      <Frame>
        <Switch>
          <Route path="/">
            <RunsPage />
          </Route>
          <Route path="/requests">
            <RequestsPage />
          </Route>
          <Route path="/runs/:run">{({ run }) => <RunPage key={run} runId={run} />}</Route>
          <Route>
            <p>There is nothing here.</p>
          </Route>
        </Switch>
      </Frame>
    </Router>
  );
}
