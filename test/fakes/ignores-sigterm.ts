#!/usr/bin/env node
process.on('SIGTERM', () => {});
setTimeout(() => {}, 600_000);
console.log('ready');
