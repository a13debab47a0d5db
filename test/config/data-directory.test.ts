import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeDataDirectory } from '../../src/config/data-directory.ts';
import { testDirectory } from '../support/directories.ts';

const refusal = (why: string) =>
  expect.objectContaining({ code: 'invalid-config', message: expect.stringContaining(why) });

describe('makeDataDirectory', () => {
  it('makes it with what is missing above it, for nobody else', () => {
    const path = join(testDirectory('data-directory'), 'a', 'b');
    makeDataDirectory(path);
    makeDataDirectory(path);
    expect(statSync(path).mode & 0o777).toBe(0o700);
  });

  it('refuses a place where something else is, and one below it', () => {
    const file = join(testDirectory('data-directory'), 'file');
    writeFileSync(file, '');
    expect(() => makeDataDirectory(file)).toThrow(refusal(`${file} cannot be made: something else is in its place`));
    expect(() => makeDataDirectory(join(file, 'x'))).toThrow(refusal(`${join(file, 'x')} cannot be made`));
  });

  it('refuses a place where the system makes no directory, and looks for none without end', () => {
    expect(() => makeDataDirectory('/proc/optio-codex/x')).toThrow(refusal('/proc/optio-codex/x cannot be made'));
  });
});
