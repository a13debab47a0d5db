#!/usr/bin/env node
// Removes what tests have left behind where it is told, as if two days had gone by.
import { removeLeftBehind } from '../../scripts/remove-left-behind.ts';

const [prefix = ''] = process.argv.slice(2);
console.log(JSON.stringify(await removeLeftBehind({ prefix, now: Date.now() + 2 * 86_400_000 })));
