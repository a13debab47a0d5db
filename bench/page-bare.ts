import type { Page } from '../src/server/app.ts';
import type { Exchange } from '../src/server/exchange.ts';

/** Reads the journal of the run in its address, keeps its texts, and puts the last of them into a `<pre>` once it is over. */
const READER = `
  const run = location.pathname.split('/').at(-1);
  const texts = [];
  const source = new EventSource('/api/updates?' + new URLSearchParams({ run, after: '0' }));
  source.onmessage = ({ data }) => {
    const { type, events } = JSON.parse(data);
    if (type !== 'events') return;
    for (const { type, item } of events)
      if (type === 'item.completed') texts.push(item.text ?? item.output ?? JSON.stringify(item));
    if (events.at(-1).type !== 'run.ended') return;
    source.close();
    document.querySelector('pre').textContent = texts.slice(-50).join('\\n');
    document.querySelector('pre').insertAdjacentHTML('beforebegin', '<p id="over">That is all.</p>');
  };`;

/** What the page is measured against. */
export const barePages: readonly Page[] = [
  {
    name: 'bare',
    method: 'GET',
    path: '/bare/:run',
    role: null,
    answer: answer(`<pre></pre><script>${READER}</script>`),
  },
  { name: 'pre', method: 'GET', path: '/pre', role: null, answer: answer('<pre style="white-space:pre-wrap"></pre>') },
];

function answer(body: string): Page['answer'] {
  const headers = {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': "default-src 'self' 'unsafe-inline'",
  };
  return ({ outgoing }: Exchange) => void outgoing.writeHead(200, headers).end(`<!doctype html><body>${body}`);
}
