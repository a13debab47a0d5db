#!/usr/bin/env node
// As codex does that has a turn to finish. Its exit code is the number of signals that it took.
let signals = 0;
process.on('SIGTERM', () => {
  if (++signals === 2) process.exit(signals);
});
setTimeout(() => {}, 600_000);
console.log('ready');
