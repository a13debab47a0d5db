import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandName, compareBuilds, readBuild, VERSION } from '../src/version.ts';

describe('the name of the command', () => {
  it('is what started it says, and that of the package where nothing does', () => {
    expect(commandName({ OPTIO_CODEX_CALLED_AS: 'npm start --' })).toBe('npm start --');
    for (const env of [{}, { OPTIO_CODEX_CALLED_AS: '' }]) expect(commandName(env)).toBe('optio-codex');
  });
});

describe('the version', () => {
  it('is that of the package', () => {
    const text = readFileSync(join(import.meta.dirname, '..', 'package.json'), 'utf8');
    expect(VERSION).toBe((JSON.parse(text) as { version: string }).version);
  });

  it('is followed by the time of the last change where the sources run as they are', () => {
    expect(readBuild()).toMatch(new RegExp(`^${VERSION}\\+\\d{13}$`));
    expect(readBuild()).toBe(readBuild());
  });

  it.each([
    ['0.1.0', '0.1.0', 0],
    ['0.1.0', '0.2.0', -1],
    ['0.10.0', '0.9.9', 1],
    ['1.0.0', '0.99.99', 1],
    ['0.1.0', '0.1.0+1764144000000', -1],
    ['0.1.0+1764144000001', '0.1.0+1764144000000', 1],
    ['0.2.0', '0.1.0+1764144000000', 1],
    ['0.2.0-beta.1', '0.2.0', 0],
    ['unknown', '0.1.0', -1],
    ['unknown', 'unknown', 0],
  ])('%s and %s', (first, second, sign) => {
    expect(Math.sign(compareBuilds(first, second))).toBe(sign);
    expect(Math.sign(compareBuilds(second, first)) + sign).toBe(0);
  });
});
