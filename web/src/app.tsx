import { useEffect } from 'react';
import { Router, useLocation } from 'wouter';
import { Frame } from './frame/frame.tsx';
import { ScreenBoundary } from './frame/screen-boundary.tsx';
import { base, feed } from './live/api.ts';
import { followSight } from './live/sight.ts';
import { useStore } from './live/store.ts';
import { Login } from './login/login.tsx';
import { Screens } from './screens.tsx';

export function App() {
  const status = useStore(feed.status);
  useEffect(() => followSight(feed, { document, locks: navigator.locks }), []);
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
