#!/usr/bin/env node
// Starts a process as the worker does, tells who it is, and ends without stopping it.
import { LocalHost } from '../../src/hosts/local.ts';

const [directory = '', log = '', mark = ''] = process.argv.slice(2);
const started = await new LocalHost().start({
  command: ['sleep', '600'],
  cwd: directory,
  env: { PATH: process.env.PATH ?? '' },
  output: { file: log },
  mark: { name: 'OPTIO_TEST_MARK', value: mark },
});
console.log(JSON.stringify(started.identity));
