import { describe, expect, it } from 'vitest';
import type { Request } from '../../src/contract/request.ts';
import { endRun, makeRun, readEvents } from '../support/memory-run.ts';
import { COMMAND_REQUEST } from '../support/run-events.ts';

const ALLOW = { kind: 'decision', behavior: 'allow' } as const;
const NEVER = new AbortController().signal;

describe('what is asked of MemoryRun', () => {
  it('has the request in the journal before anyone can answer, and the answer before the asker gets it', async () => {
    const run = makeRun();
    const seen: string[] = [];
    const asked = run.ask(COMMAND_REQUEST, NEVER).then(({ by }) => seen.push(by));
    run.answer('r1', ALLOW, 'ada');
    expect(seen).toEqual([]);
    await asked;
    endRun(run);
    const events = await readEvents(run);
    expect(events.slice(0, 2)).toMatchObject([
      { type: 'request.opened', request: COMMAND_REQUEST },
      { type: 'request.answered', requestId: 'r1', answer: ALLOW, by: 'ada' },
    ]);
  });

  it('takes the first answer only', async () => {
    const run = makeRun();
    const asked = run.ask(COMMAND_REQUEST, NEVER);
    run.answer('r1', ALLOW, 'ada');
    const late = () => run.answer('r1', { kind: 'decision', behavior: 'deny' }, 'bob');
    expect(late).toThrow(expect.objectContaining({ code: 'not-found' }));
    await expect(asked).resolves.toEqual({ answer: ALLOW, by: 'ada' });
  });

  it('refuses an answer to what was never asked', () => {
    expect(() => makeRun().answer('r9', ALLOW, 'ada')).toThrow(expect.objectContaining({ code: 'not-found' }));
  });

  it('closes a request that is withdrawn, and takes no answer any more', async () => {
    const run = makeRun();
    const withdrawn = new AbortController();
    const asked = run.ask(COMMAND_REQUEST, withdrawn.signal);
    withdrawn.abort();
    await expect(asked).rejects.toMatchObject({ code: 'aborted' });
    expect(() => run.answer('r1', ALLOW, 'ada')).toThrow(expect.objectContaining({ code: 'not-found' }));
    endRun(run);
    expect((await readEvents(run)).map((event) => event.type)).toEqual([
      'request.opened',
      'request.closed',
      'run.ended',
    ]);
  });

  it('closes a request at once that was withdrawn before it was asked', async () => {
    const run = makeRun();
    await expect(run.ask(COMMAND_REQUEST, AbortSignal.abort())).rejects.toMatchObject({ code: 'aborted' });
  });

  it('leaves an answered request answered when it is withdrawn after that', async () => {
    const run = makeRun();
    const withdrawn = new AbortController();
    const asked = run.ask(COMMAND_REQUEST, withdrawn.signal);
    run.answer('r1', ALLOW, 'ada');
    withdrawn.abort();
    await expect(asked).resolves.toMatchObject({ answer: ALLOW });
    endRun(run);
    expect((await readEvents(run)).map((event) => event.type)).not.toContain('request.closed');
  });

  it('gives a secret to the asker and keeps it out of the journal', async () => {
    const run = makeRun();
    const { sandboxed: _, ...common } = COMMAND_REQUEST;
    const question = { header: '', question: '?', options: [], allowsOther: true };
    const questions = [
      { ...question, id: 'name', isSecret: false },
      { ...question, id: 'password', isSecret: true },
    ];
    const request: Request = { ...common, kind: 'question', questions };
    const asked = run.ask(request, NEVER);
    const answers = { name: ['ada'], password: ['hunter2'] };
    run.answer('r1', { kind: 'answers', answers }, 'ada');
    expect((await asked).answer).toEqual({ kind: 'answers', answers });
    endRun(run);
    const journal = JSON.stringify(await readEvents(run));
    expect(journal).toContain('"name":["ada"]');
    expect(journal).not.toContain('hunter2');
  });
});
