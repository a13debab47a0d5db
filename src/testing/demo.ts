import { escalate, patch, pause, plan, type Step, say, shell, think, usage } from './step.ts';

/** The files that the demo begins with: a script with a bug, and a test that finds it. */
export const DEMO_FILES: Readonly<Record<string, string>> = {
  'README.md': '# greeter\n\nSays hello. `sh test.sh` checks it.\n',
  'greet.sh': `#!/bin/sh
# Greets somebody, or the world.
echo "Hallo, \${1:-World}"
`,
  'test.sh': `#!/bin/sh
expected="Hello, Ada!"
actual=$(sh greet.sh Ada)
[ "$actual" = "$expected" ] && echo "ok: $actual" && exit 0
echo "expected: $expected"
echo "but got:  $actual"
exit 1
`,
};

/** What the person in the demo asks for. */
export const DEMO_TASK = 'The test of this project fails. Find out why, fix it, and tell me what you did.';

/** What the model in the demo does about it. */
export function demoScript(options: { paceMs?: number } = {}): readonly Step[] {
  const { paceMs = 0 } = options;
  const steps: readonly Step[] = [
    think('The user wants the failing test fixed. First I need to see the project.'),
    say('I will look at the project first, then run its test.'),
    plan(['Look at the files', 'in_progress'], ['Run the test', 'pending'], ['Fix the bug', 'pending']),
    shell('ls -l && cat greet.sh'),
    plan(['Look at the files', 'completed'], ['Run the test', 'in_progress'], ['Fix the bug', 'pending']),
    shell('sh test.sh'),
    say('The test wants “Hello, Ada!”; the script says “Hallo” and forgets the exclamation mark.'),
    patch(`*** Begin Patch
*** Update File: greet.sh
@@
 # Greets somebody, or the world.
-echo "Hallo, \${1:-World}"
+echo "Hello, \${1:-World}!"
*** End Patch`),
    plan(['Look at the files', 'completed'], ['Run the test', 'completed'], ['Fix the bug', 'completed']),
    escalate(
      'sh test.sh',
      'May I run the test once more without the write limits of the sandbox? (This shows an approval.)',
    ),
    usage({ input: 4_210, cached: 3_072, output: 188, reasoning: 64 }),
    say(
      'Done. `greet.sh` greeted in German and without the exclamation mark that the test expects. ' +
        'I corrected the line: `sh greet.sh Ada` says “Hello, Ada!” now.',
    ),
  ];
  return paceMs > 0 ? steps.flatMap((step) => spread(step, paceMs)) : steps;
}

/** Lets a text come in pieces, as from a model that thinks while it speaks. */
function spread(step: Step, paceMs: number): readonly Step[] {
  if (step.kind === 'say') return [pause(paceMs * 5), { ...step, chunk: 6, everyMs: paceMs }];
  return step.kind === 'usage' ? [step] : [pause(paceMs * 10), step];
}
