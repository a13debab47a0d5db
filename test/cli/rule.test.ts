import { describe, expect, it } from 'vitest';
import { applyRule, isApproval, ruleFor } from '../../src/cli/rule.ts';
import type { Request } from '../../src/contract/request.ts';
import { COMMAND_REQUEST } from '../support/run-events.ts';
import { scriptRun } from '../support/run-handle.ts';

const { sandboxed: _, ...common } = COMMAND_REQUEST;
const QUESTION: Request = { ...common, kind: 'question', questions: [] };
const FORM: Request = { ...common, kind: 'elicitation', server: 's', message: 'Who?' };
const NEVER = new AbortController().signal;

describe('ruleFor', () => {
  it.each([
    { yes: true, canAsk: false, answer: { kind: 'decision', behavior: 'allow' } },
    { yes: true, canAsk: true, answer: { kind: 'decision', behavior: 'allow' } },
    { yes: false, canAsk: false, answer: { kind: 'decision', behavior: 'deny' } },
  ])('answers for permission with %o', ({ answer, ...options }) => {
    expect(ruleFor(options)(COMMAND_REQUEST)).toMatchObject(answer);
  });

  it('leaves everything else to the person who is there', () => {
    expect(ruleFor({ yes: false, canAsk: true })(COMMAND_REQUEST)).toBeUndefined();
    expect(ruleFor({ yes: true, canAsk: true })(QUESTION)).toBeUndefined();
  });

  it('answers no question and fills in no form, also with --yes', () => {
    const rule = ruleFor({ yes: true, canAsk: false });
    expect(rule(QUESTION)).toMatchObject({ kind: 'answers', answers: {} });
    expect(rule(FORM)).toMatchObject({ kind: 'form', action: 'decline' });
  });
});

describe('applyRule', () => {
  it('answers until the run has ended, and gives its last event', async () => {
    const { run, end, handle } = scriptRun();
    const applied = applyRule(handle, { yes: true, canAsk: false });
    await expect(run.ask(COMMAND_REQUEST, NEVER)).resolves.toMatchObject({ answer: { behavior: 'allow' } });
    end();
    await expect(applied).resolves.toMatchObject({ type: 'run.ended' });
  });

  it('lets the answer of somebody who was faster hold', async () => {
    const { run, end, handle } = scriptRun();
    const asked = run.ask(COMMAND_REQUEST, NEVER);
    await handle.answer(COMMAND_REQUEST.id, { kind: 'decision', behavior: 'deny' });
    const applied = applyRule(handle, { yes: true, canAsk: false });
    await expect(asked).resolves.toMatchObject({ answer: { behavior: 'deny' } });
    end();
    await expect(applied).resolves.toMatchObject({ type: 'run.ended' });
  });
});

describe('isApproval', () => {
  it.each([
    [COMMAND_REQUEST, true],
    [QUESTION, false],
    [FORM, false],
  ])('of %o is %s', (request, isOne) => {
    expect(isApproval(request)).toBe(isOne);
  });
});
