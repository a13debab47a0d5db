#!/usr/bin/env node
// Kept so plain that an old Node can read it and say what is wrong.
const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  process.stderr.write(
    `optio-codex needs Node 24 or newer; this is ${process.version}. Install it, or use npx node@24.\n`,
  );
  process.exitCode = 2;
} else {
  const { main } = await import('./program.ts');
  process.exitCode = await main(process.argv);
}

export {};
