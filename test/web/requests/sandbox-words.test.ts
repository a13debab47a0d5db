import { describe, expect, it } from 'vitest';
import { type Approval, beyondInWords, placeInWords, sandboxInWords } from '../../../web/src/requests/sandbox-words.ts';

const common = { id: 'r', threadId: 't', turnId: null, itemId: null };
const command: Approval = { ...common, kind: 'command', sandboxed: 'yes', command: 'ls', cwd: '/w' };

describe('what the sandbox is after a yes', () => {
  it('is told with weight unless it is known to hold', () => {
    expect(sandboxInWords(command)).toEqual({ isGrave: false, text: 'After a yes the sandbox still holds.' });
    expect(sandboxInWords({ ...command, sandboxed: 'no' })).toMatchObject({ isGrave: true });
    expect(sandboxInWords({ ...command, sandboxed: 'unknown' })).toMatchObject({ isGrave: true });
    expect(sandboxInWords({ ...command, sandboxed: 'unknown' }).text).toMatch(/Nobody can tell/);
  });

  it('is less than it seems where a whole directory is granted, however the patch itself is confined', () => {
    const grant: Approval = { ...common, kind: 'fileChange', sandboxed: 'yes', changes: [], grantRoot: '/out' };
    expect(sandboxInWords(grant)).toMatchObject({ isGrave: true, text: expect.stringContaining('/out') });
    const { grantRoot: _, ...plain } = grant;
    expect(sandboxInWords(plain)).toMatchObject({ isGrave: false });
  });
});

describe('what is asked for besides the command', () => {
  it('is told for each kind, and for nothing else', () => {
    for (const beyond of ['input', 'network', 'permissions', 'other'] as const)
      expect(beyondInWords({ ...command, beyond })).toMatch(/\.$/);
    expect(beyondInWords(command)).toBeNull();
  });
});

it('names a place from the workspace on, where it lies in there', () => {
  expect(placeInWords('/w', '/w')).toBe('the workspace');
  expect(placeInWords('/w/a/b', '/w')).toBe('a/b');
  expect(placeInWords('/w2/a', '/w')).toBe('/w2/a');
  expect(placeInWords('/w/a', undefined)).toBe('/w/a');
});
