/** The style of the pages that the server makes itself: one column, light and dark, down to the width of a phone. */
export const PAGE_STYLE = `
:root { --ink: #1b1f24; --quiet: #59636e; --line: #d1d9e0; --paper: #fff; --shade: #f6f8fa; --accent: #0a5bd3; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6edf3; --quiet: #9198a1; --line: #3d444d; --paper: #0d1117; --shade: #161b22; --accent: #6cb0ff; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 1rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
a { color: var(--accent); }
a:focus-visible, summary:focus-visible, input:focus-visible, button:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
h1 { font-size: 1.6rem; margin: 1rem 0 .5rem; }
h2 { margin: 3rem 0 1rem; padding-bottom: .3rem; border-bottom: 1px solid var(--line); font-size: 1.3rem; text-transform: capitalize; }
h3 { margin: 0; font: inherit; }
h4 { margin: 1rem 0 .3rem; font-size: .85rem; color: var(--quiet); text-transform: uppercase; letter-spacing: .04em; }
p { margin: .5rem 0; }
code, pre { font: .875em/1.5 ui-monospace, monospace; }
pre { background: var(--shade); border: 1px solid var(--line); border-radius: 6px; padding: .75rem; overflow-x: auto; white-space: pre-wrap; }
nav ul { columns: 14rem; list-style: none; margin: 0; padding: 0; font-size: .9rem; }
nav li { break-inside: avoid; }
details { border: 1px solid var(--line); border-radius: 6px; margin: .5rem 0; }
details > summary { cursor: pointer; padding: .6rem .75rem; display: flex; flex-wrap: wrap; gap: .25rem .75rem; align-items: baseline; }
details[open] > summary { border-bottom: 1px solid var(--line); background: var(--shade); border-radius: 6px 6px 0 0; }
details > div { padding: .5rem .75rem .75rem; }
.method { font: 600 .8rem ui-monospace, monospace; min-width: 3.6rem; }
.path { font-family: ui-monospace, monospace; font-size: .9rem; }
.summary, .quiet { color: var(--quiet); }
.summary { flex-basis: 100%; }
:target { scroll-margin-top: 5rem; }
.role { margin-left: auto; font-size: .8rem; color: var(--quiet); border: 1px solid var(--line); border-radius: 1rem; padding: 0 .5rem; }
dl { margin: 0; }
dt { padding-top: .35rem; border-top: 1px solid var(--line); }
dt:first-child { border-top: 0; }
dd { margin: 0 0 .35rem 1rem; color: var(--quiet); font-size: .92rem; }
dd > dl, .variant { border-left: 2px solid var(--line); padding-left: .75rem; color: var(--ink); }
.type { color: var(--quiet); font: .85rem ui-monospace, monospace; }
.needed { font-size: .8rem; color: var(--accent); }
form { max-width: 24rem; margin: 15vh auto 0; display: grid; gap: .75rem; }
input, button { font: inherit; padding: .5rem .75rem; border-radius: 6px; border: 1px solid var(--line); background: var(--paper); color: var(--ink); width: 100%; }
button { background: var(--accent); border-color: var(--accent); color: var(--paper); font-weight: 600; cursor: pointer; }
.failed { border-left: 3px solid #d1242f; padding-left: .75rem; }
`;
