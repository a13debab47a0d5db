#!/usr/bin/env node
// Does not read its input, so that the end of it means nothing.
process.on('SIGTERM', () => process.exit(0));
setTimeout(() => {}, 600_000);
console.log('ready');
