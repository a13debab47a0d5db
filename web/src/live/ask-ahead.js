// Runs before the code of the page is there, and asks for what that will ask for first: an answer takes its time, and so does
// the code. See asked-ahead.ts, which takes the answers.
{
  const base = new URL(document.baseURI).pathname.replace(/\/$/, '');
  const run = /^\/runs\/([^/]+)$/.exec(location.pathname.slice(base.length))?.[1];
  const journal = run === undefined ? '' : `?run=${run}&after=0`;
  const ask = (path, accept) => {
    const calledOff = new AbortController();
    const response = fetch(base + path, { headers: { accept }, signal: calledOff.signal });
    response.catch(() => {}); // whoever takes it is told
    return [new URL(base + path, location.origin).href, { response, calledOff }];
  };
  // By a link one is let in later than that.
  if (!location.hash.startsWith('#login=')) {
    globalThis.askedAhead = new Map([ask('/api/server', '*/*'), ask(`/api/updates${journal}`, 'text/event-stream')]);
    setTimeout(() => {
      for (const { calledOff } of globalThis.askedAhead.values()) calledOff.abort();
      globalThis.askedAhead.clear();
    }, 10_000);
  }
}
