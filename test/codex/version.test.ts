import { describe, expect, it } from 'vitest';
import { compareVersions, readVersion } from '../../src/codex/version.ts';

describe('compareVersions', () => {
  it.each([
    ['0.142.5', '0.169.0'],
    ['0.9.0', '0.10.0'],
    ['0.169.0', '1.0.0'],
    ['0.169.0', '0.169.1'],
    ['0.169.0-alpha.1', '0.169.0'],
    ['0.168.9', '0.169.0-alpha.1'],
  ])('knows that %s is older than %s', (older, newer) => {
    expect(compareVersions(older, newer)).toBeLessThan(0);
    expect(compareVersions(newer, older)).toBeGreaterThan(0);
  });

  it('finds a version equal to itself', () => {
    expect(compareVersions('0.169.0', '0.169.0')).toBe(0);
  });
});

describe('readVersion', () => {
  it.each([
    ['optio_codex/0.169.0 (Debian 12.0.0; x86_64) unknown (optio_codex; 1)', '0.169.0'],
    ['optio_codex/0.170.0-alpha.3 (Debian)', '0.170.0-alpha.3'],
    ['a name with blanks/0.142.5', '0.142.5'],
    ['no version here', 'unknown'],
    ['', 'unknown'],
  ])('reads %j as %s', (userAgent, version) => {
    expect(readVersion(userAgent)).toBe(version);
  });
});
