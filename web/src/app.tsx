import { useEffect } from 'react';
import { Router, useLocation } from 'wouter';
import { Frame } from './frame/frame.tsx';
import { ScreenBoundary } from './frame/screen-boundary.tsx';
import { base, feed } from './live/api.ts';
import { followSight } from './live/sight.ts';
import { useStore } from './live/store.ts';
import { Login } from './login/login.tsx';
import { logInByLink } from './login/session.ts';
import { Screens } from './screens.tsx';

/** The run whose screen this is: its journal need not wait for the code that shows it. */
function runInAddress(): string | undefined {
  const id = /^\/runs\/([^/]+)$/.exec(location.pathname.slice(base.length))?.[1];
  try {
    return id === undefined ? undefined : decodeURIComponent(id);
  } catch {
    return undefined; // no address of a run
  }
}

export function App() {
  const status = useStore(feed.status);
  useEffect(() => {
    void logInByLink().finally(() => feed.start(runInAddress()));
    const leave = followSight(feed, { document, locks: navigator.locks });
    return () => {
      leave();
      feed.stop();
    };
  }, []);
  if (status === 'locked') return <Login onDone={() => feed.start()} />;
  return (
    <Router base={base}>
      <Frame>
        <Screen />
      </Frame>
    </Router>
  );
}

/** Whoever goes elsewhere from a screen that cannot be shown sees that. */
function Screen() {
  const [address] = useLocation();
  return (
    <ScreenBoundary key={address}>
      <Screens />
    </ScreenBoundary>
  );
}
