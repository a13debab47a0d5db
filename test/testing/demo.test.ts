import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DEMO_FILES, demoScript } from '../../src/testing/demo.ts';
import { type Step, splitIntoResponses } from '../../src/testing/step.ts';

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

  it('fixes a line that is there to be fixed', () => {
    const patch = demoScript().find((step) => step.kind === 'patch')?.patch ?? '';
    const removed = patch.split('\n').filter((line) => line.startsWith('-'));
    expect(removed).toHaveLength(1);
    for (const line of removed) expect(DEMO_FILES['greet.sh']).toContain(`${line.slice(1)}\n`);
  });

  it('has the plan and the thought that its picture shows', () => {
    const picture = readFileSync(new URL('../../docs/images/demo.svg', import.meta.url), 'utf8');
    const words = demoScript().flatMap((step) => (step.kind === 'think' ? [step.text] : planned(step)));
    expect(words.length).toBeGreaterThan(3);
    for (const shown of words) expect(picture).toContain(`${shown}</text>`);
  });
});

/** The steps of a plan that the model publishes. */
function planned(step: Step): readonly string[] {
  if (step.kind !== 'tool' || step.name !== 'update_plan') return [];
  return (step.input as { plan: { step: string }[] }).plan.map(({ step: text }) => text);
}
