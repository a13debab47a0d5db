import { describe, expect, it } from 'vitest';
import { applyRule, isApproval, ruleFor } from '../../../src/cli/watching/rule.ts';
import type { Request } from '../../../src/contract/request.ts';
import { COMMAND_REQUEST } from '../../support/run-events.ts';
import { scriptRun } from '../../support/run-handle.ts';

const { sandboxed: _, ...common } = COMMAND_REQUEST;
const QUESTION: Request = { ...common, kind: 'question', questions: [] };
const FORM: Request = { ...common, kind: 'elicitation', server: 's', message: 'Who?' };
const NEVER = new AbortController().signal;
const ALONE = {
  left: NEVER,
  onRefused: (thrown: unknown) => {
    throw thrown;
  },
};

describe('ruleFor', () => {
  it.each([
    { yes: true, rest: 'decline', answer: { kind: 'decision', behavior: 'allow' } },
    { yes: true, rest: 'leave', answer: { kind: 'decision', behavior: 'allow' } },
    { yes: false, rest: 'decline', answer: { kind: 'decision', behavior: 'deny' } },
  ] as const)('answers for permission with %o', ({ answer, ...options }) => {
    expect(ruleFor(options)(COMMAND_REQUEST)).toMatchObject(answer);
  });

  it('leaves everything else to the person who is there', () => {
    expect(ruleFor({ yes: false, rest: 'leave' })(COMMAND_REQUEST)).toBeUndefined();
    expect(ruleFor({ yes: true, rest: 'leave' })(QUESTION)).toBeUndefined();
  });

  it('answers no question and fills in no form, also with --yes', () => {
    const rule = ruleFor({ yes: true, rest: 'decline' });
    expect(rule(QUESTION)).toMatchObject({ kind: 'answers', answers: {} });
    expect(rule(FORM)).toMatchObject({ kind: 'form', action: 'decline' });
  });
});

describe('applyRule', () => {
  it('answers until the run has ended, and gives its last event', async () => {
    const { run, end, handle } = scriptRun();
    const applied = applyRule(handle, { yes: true, rest: 'decline' }, ALONE);
    await expect(run.ask(COMMAND_REQUEST, NEVER)).resolves.toMatchObject({ answer: { behavior: 'allow' } });
    end();
    await expect(applied).resolves.toMatchObject({ type: 'run.ended' });
  });

  it('lets the answer of somebody who was faster hold', async () => {
    const { run, end, handle } = scriptRun();
    const asked = run.ask(COMMAND_REQUEST, NEVER);
    await handle.answer(COMMAND_REQUEST.id, { kind: 'decision', behavior: 'deny' });
    const applied = applyRule(handle, { yes: true, rest: 'decline' }, ALONE);
    await expect(asked).resolves.toMatchObject({ answer: { behavior: 'deny' } });
    end();
    await expect(applied).resolves.toMatchObject({ type: 'run.ended' });
  });
});

describe('applyRule to an interrupted turn', () => {
  const INTERRUPTED = { type: 'turn.ended', turnId: 't1', status: 'interrupted' } as const;

  it.each([
    ['ends the run where nobody can go on with it', 'decline', ['cancel its turn was interrupted']],
    ['leaves the run to whoever goes on with it', 'leave', []],
  ] as const)('%s', async (_what, rest, expected) => {
    const { run, end, handle, calls } = scriptRun();
    const applied = applyRule(handle, { yes: false, rest }, ALONE);
    run.emit(INTERRUPTED);
    end();
    await applied;
    expect(calls).toEqual(expected);
  });

  it('does nothing any more once one has left', async () => {
    const left = new AbortController();
    const { handle } = scriptRun();
    const applied = applyRule(handle, { yes: true, rest: 'decline' }, { ...ALONE, left: left.signal });
    left.abort();
    await expect(applied).resolves.toBeUndefined();
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
