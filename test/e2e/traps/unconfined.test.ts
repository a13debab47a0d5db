import { describe, expect, it } from 'vitest';
import { BINARIES, type TestedBinary } from '../../support/codex.ts';
import { runUnconfined, whyOnlyConfined } from '../../support/other-user.ts';
import { skipFor } from '../../support/privileges.ts';
import type { Scenes } from './unconfined-run.ts';

const PROGRAM = 'test/e2e/traps/unconfined-run.ts';

async function seeUnconfined<W extends keyof Scenes>(
  what: W,
  binary: TestedBinary,
): Promise<Awaited<ReturnType<Scenes[W]>>> {
  return JSON.parse(await runUnconfined(PROGRAM, (root) => [root, what, binary.path]));
}

describe.each(BINARIES)('a command with full access with codex $version', (binary) => {
  it('reads a key in the environment of codex although its own has none, and finds none that was given by a call', async ({
    skip,
  }) => {
    skipFor(whyOnlyConfined, skip);
    const without = { isRead: true, hasKey: false };
    expect(await seeUnconfined('key', binary)).toEqual({
      fromEnvironment: [without, { isRead: true, hasKey: true }],
      fromCall: [without, without],
    });
  });
});

describe.each(BINARIES)('a plain command that is accepted under "untrusted" with codex $version', (binary) => {
  it('is run again outside of the sandbox when that denies it something, unless the profile denies something too', async ({
    skip,
  }) => {
    skipFor(whyOnlyConfined, skip);
    const { open, locked } = await seeUnconfined('retry', binary);
    expect(open).toMatchObject({ isMade: true, sandboxed: ['unknown'], tried: open.asked + 1 });
    expect(locked).toMatchObject({ isMade: false, sandboxed: ['unknown'], tried: locked.asked });
  });
});

describe.each(BINARIES)('a codex $version whose package lies where commands may write', (binary) => {
  it('runs what a command has put in its place, outside of the sandbox, for the next command', async ({ skip }) => {
    skipFor(whyOnlyConfined, skip);
    expect(await seeUnconfined('package', binary)).toEqual({ isFirstConfined: true, isSecondConfined: false });
  });
});
