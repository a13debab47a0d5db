#!/usr/bin/env node
// Puts, as fast as it can and for ever, a link in the place of a directory and the directory in the place of the link.
// Arguments: the directory, which is made with a file in it whenever it is missing, and where the link leads.
import { mkdirSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';

const [directory = '', outside = ''] = process.argv.slice(2);
const aside = `${directory}-aside`;

/** False when it failed: somebody has removed it in the meantime. */
function attempt(act: () => void): boolean {
  try {
    act();
    return true;
  } catch {
    return false;
  }
}

for (let isReady = false; ; ) {
  attempt(() => {
    mkdirSync(directory);
    writeFileSync(`${directory}/file`, 'inside');
  });
  attempt(() => renameSync(directory, aside));
  attempt(() => symlinkSync(outside, directory));
  if (!isReady) console.log('ready');
  isReady = true;
  attempt(() => unlinkSync(directory));
  if (!attempt(() => renameSync(aside, directory))) attempt(() => rmSync(aside, { recursive: true })); // somebody has made one meanwhile
}
