#!/usr/bin/env node
// Removes the directory that it is told, as us, and tells how that went.
import type { OptioError } from '../../src/errors.ts';
import { removeDirectory } from '../../src/hosts/remove.ts';

const [directory = ''] = process.argv.slice(2);
try {
  await removeDirectory(directory);
  console.log('{}');
} catch (error) {
  const { code, message, remedy } = error as OptioError;
  console.log(JSON.stringify({ code, message, remedy }));
}
