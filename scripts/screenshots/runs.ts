import {
  ask,
  escalate,
  hang,
  httpError,
  type ModelRequest,
  patch,
  plan,
  type Step,
  say,
  shell,
  think,
  usage,
} from '../../src/testing/index.ts';
import { splitIntoResponses } from '../../src/testing/step.ts';
import { DISCOUNT, ROUND_UP } from './shop.ts';

const TESTS = 'FORCE_COLOR=1 node --test';

const slowly = (text: string) => say(text, { chunk: 12, everyMs: 20 });

const REPORT = `Prices are rounded correctly now, and **all three tests pass**.

\`total\` cut off what was below a cent, so 2.50 with 19 % tax became 2.97 instead of 2.98. I changed one line:

\`\`\`js
return Math.round(net * (1 + rate) + Number.EPSILON * net);
\`\`\`

| cart        | before | now  | expected |
| ----------- | ------ | ---- | -------- |
| 1 × 2.50    | 2.97   | 2.98 | 2.98     |
| 3 × 0.35    | 1.24   | 1.25 | 1.25     |
| 2 × 10.00   | 23.80  | 23.80 | 23.80   |

- The sum of the net prices is rounded **once**, at the end; \`docs/prices.md\` says so.
- \`Cart\` needed no change.`;

/** What the model does about each message; by how it begins. */
const SCRIPTS: Readonly<Record<string, readonly Step[]>> = {
  'Prices with tax': [
    think('**Looking for the rounding**\n\nThe test for half a cent fails, so `total` has to be read first.'),
    say('I will read how prices are made, then run the tests.', { phase: 'commentary' }),
    plan(
      ['Find where prices are rounded', 'in_progress'],
      ['Round half a cent up', 'pending'],
      ['Run the tests', 'pending'],
    ),
    shell('grep -rn "Math\\." src && cat src/price.js'),
    shell(TESTS),
    say('`Math.floor` cuts off the half cent that the test asks for.', { phase: 'commentary' }),
    usage({ input: 9_120, cached: 6_144, output: 420, reasoning: 180 }),
    patch(ROUND_UP),
    plan(
      ['Find where prices are rounded', 'completed'],
      ['Round half a cent up', 'completed'],
      ['Run the tests', 'in_progress'],
    ),
    shell(TESTS),
    plan(
      ['Find where prices are rounded', 'completed'],
      ['Round half a cent up', 'completed'],
      ['Run the tests', 'completed'],
    ),
    usage({ input: 14_870, cached: 12_288, output: 610, reasoning: 210 }),
    slowly(REPORT),
  ],
  'Release 2.4': [
    think('**Preparing the release**\n\nThe tests have to pass before anything is pushed.'),
    say('I will check the state of the branch, then push the tag.', { phase: 'commentary' }),
    shell('git status --short --branch && git log --oneline -3'),
    usage({ input: 21_400, cached: 18_000, output: 530, reasoning: 90 }),
    shell('git tag --list'),
    escalate(
      'git push origin main --follow-tags',
      'The release is ready. May I push it to origin? That needs the network, which the sandbox does not give me.',
    ),
    say('The release is out.'),
  ],
  'Give the cart': [
    say('A discount belongs into the cart, not into the prices.', { phase: 'commentary' }),
    patch(DISCOUNT),
    say('The cart takes a discount now.'),
  ],
  'Move the shop': [
    usage({ input: 8_300, cached: 6_000, output: 150, reasoning: 40 }),
    shell('ls src'),
    ask(
      {
        id: 'database',
        header: 'Database',
        question: 'Which database should the orders go to?',
        options: [
          { label: 'PostgreSQL', description: 'The team runs one already; it needs a login for the shop.' },
          { label: 'SQLite', description: 'A file beside the shop; enough for one machine.' },
        ],
      },
      {
        id: 'orders',
        header: 'Old orders',
        question: 'What becomes of the orders there are?',
        options: [
          { label: 'Import them', description: 'Takes about two minutes, once.' },
          { label: 'Leave them', description: 'They stay readable where they are.' },
        ],
      },
    ),
    say('Then that is what I do.'),
  ],
  'Run the tests': [
    say('I run them one by one, to see which one depends on another.', { phase: 'commentary' }),
    shell('cat package.json'),
    usage({ input: 6_100, cached: 4_000, output: 210, reasoning: 40 }),
    shell(
      'i=1; while [ $i -lt 900 ]; do printf "\\033[32m✔\\033[39m round %d: 3 tests pass\\n" $i; i=$((i+1)); sleep 0.7; done',
    ),
    hang(),
  ],
  Translate: [
    usage({ input: 31_000, cached: 20_000, output: 2_100, reasoning: 300 }),
    shell('ls docs'),
    say('The first half is translated.'),
    hang(),
  ],
  'Are any': [
    shell('cat package.json'),
    usage({ input: 4_200, cached: 3_000, output: 120, reasoning: 0 }),
    say('There are no dependencies, so none is outdated.'),
  ],
  'Write the changelog': [httpError(401, { error: { message: 'The key has been revoked.' } })],
};

/** The script of the model for all runs. */
export function playRun(request: ModelRequest): readonly Step[] {
  const [, script = []] = Object.entries(SCRIPTS).find(([begin]) => request.userText.startsWith(begin)) ?? [];
  return splitIntoResponses(script)[request.outputs.length] ?? [say('Done.')];
}
