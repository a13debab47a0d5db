// Runs before the code of the page is there, and asks for what that will ask for first: an answer takes its time, and so does
// the code. See asked-ahead.ts, which takes the answers.
{
  const { dataset } = document.currentScript;
  const base = new URL(document.baseURI).pathname.replace(/\/$/, '');
  const path = location.pathname.slice(base.length);
  const run = /^\/runs\/([^/]+)$/.exec(path)?.[1];
  const ask = (address, accept) => {
    const calledOff = new AbortController();
    const response = fetch(base + address, { headers: { accept }, signal: calledOff.signal });
    response.catch(() => {}); // whoever takes it is told
    return [new URL(base + address, location.origin).href, { response, calledOff }];
  };
  // By a link one is let in later than that.
  if (!location.hash.startsWith('#login=')) {
    // Of a run its end alone (journal-end.ts): to send all of it would keep the server from sending the code.
    const first =
      run === undefined ? ask('/api/updates', 'text/event-stream') : ask(`/api/runs/${run}/journal?last=300`, '*/*');
    globalThis.askedAhead = new Map([first, ask('/api/server', '*/*')]);
    setTimeout(() => {
      for (const { calledOff } of globalThis.askedAhead.values()) calledOff.abort();
      globalThis.askedAhead.clear();
    }, 10_000);
  }
  // The code of the screen that one goes to: the page knows only once it runs that it needs that (web/vite.config.ts).
  const screen = run === undefined ? (path === '/' ? dataset.runs : undefined) : dataset.run;
  for (const href of screen?.split(' ') ?? []) {
    const kind = href.endsWith('.woff2') ? { rel: 'preload', as: 'font' } : { rel: 'modulepreload' };
    document.head.append(Object.assign(document.createElement('link'), { href, crossOrigin: '', ...kind }));
  }
}
