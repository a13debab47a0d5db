import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/jetbrains-mono/wght.css';
import './design/tokens.css';
import './design/base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { api, base, feed } from './live/api.ts';
import { logInByLink } from './login/session.ts';
import { loadNextScreen, loadScreen } from './screens.tsx';

// For whoever looks into this page from its console, and for our tests.
Object.assign(globalThis, { optioCodex: { api, feed } });

// Before anything is drawn: what is loaded for that would be asked for first, and a browser asks for six things at a time.
void logInByLink().finally(() => feed.start(runInAddress()));

/** So long one waits for the screen at most, before the frame around it is drawn by itself; in milliseconds. */
const PATIENCE_MS = 300;

const page = document.getElementById('page');
const draw = () => {
  if (!page) return;
  createRoot(page).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
};
// What cannot be loaded is told by the screen itself.
const screen = loadScreen(location.pathname.slice(base.length)).catch(() => {});
void Promise.race([screen, new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))]).then(draw);
// What cannot be loaded now is loaded by whoever goes there.
void screen.then(loadNextScreen).catch(() => {});

/** The run whose screen this is: its journal need not wait for the code that shows it. */
function runInAddress(): string | undefined {
  const id = /^\/runs\/([^/]+)$/.exec(location.pathname.slice(base.length))?.[1];
  try {
    return id === undefined ? undefined : decodeURIComponent(id);
  } catch {
    return undefined; // no address of a run
  }
}
