import { describe, expect, it } from 'vitest';
import { DEMO_FILES, demoScript } from '../../src/testing/demo.ts';
import { splitIntoResponses } from '../../src/testing/step.ts';

describe('demoScript', () => {
  it('does the same at any pace', () => {
    const withoutPauses = demoScript({ paceMs: 5 }).filter(({ kind }) => kind !== 'pause');
    const quick = demoScript();
    expect(withoutPauses.map(({ kind }) => kind)).toEqual(quick.map(({ kind }) => kind));
    expect(splitIntoResponses(withoutPauses)).toHaveLength(splitIntoResponses(quick).length);
  });

  it('asks for permission once, before its answer', () => {
    const script = demoScript();
    expect(script.filter((step) => step.kind === 'command' && step.escalate !== undefined)).toHaveLength(1);
    expect(script.at(-1)?.kind).toBe('say');
  });

  it('mends a line that is there to be mended', () => {
    const patch = demoScript().find((step) => step.kind === 'patch')?.patch ?? '';
    const removed = patch.split('\n').filter((line) => line.startsWith('-'));
    expect(removed).toHaveLength(1);
    for (const line of removed) expect(DEMO_FILES['greet.sh']).toContain(`${line.slice(1)}\n`);
  });
});
