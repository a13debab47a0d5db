import {
  addFile,
  ask,
  callTool,
  cut,
  escalate,
  fail,
  hang,
  httpError,
  patch,
  pause,
  plan,
  type Step,
  say,
  shell,
  think,
  usage,
} from './step.ts';

/** What the scripted model does with a prompt that holds no steps. */
const ECHO = 'The scripted model read: ';

/**
 * Reads a script out of a prompt: each line that starts with `!` is a step, all other lines are prose.
 * A prompt without steps is read back. See docs/testing.md for the list of steps.
 */
export function readPromptScript(prompt: string): readonly Step[] {
  const lines = prompt.split('\n');
  const steps: Step[] = [];
  for (let at = 0; at < lines.length; at++) {
    const match = /^\s*!(\w+) ?(.*)$/.exec(lines[at] ?? '');
    if (!match) continue;
    const [, verb = '', rest = ''] = match;
    if (verb === 'patch') {
      const end = lines.findIndex((text, index) => index > at && text.trim() === '*** End Patch');
      if (end < 0) return [httpError(400, { error: { message: 'a !patch in a prompt ends with "*** End Patch"' } })];
      steps.push(patch(lines.slice(at + 1, end + 1).join('\n')));
      at = end;
    } else {
      steps.push(readStep(verb, rest));
    }
  }
  return steps.length > 0 ? steps : [say(ECHO + prompt)];
}

function readStep(verb: string, rest: string): Step {
  switch (verb) {
    case 'say':
      return say(rest);
    case 'think':
      return think(rest);
    case 'run':
      return shell(rest);
    case 'escalate': {
      const [command = '', justification] = rest.split(' -- ');
      return escalate(command, justification);
    }
    case 'write': {
      const [path = '', ...content] = rest.split(' ');
      return addFile(path, content.join(' '));
    }
    case 'plan':
      return plan(...rest.split('|').map((step) => [step.replace(/^\s*[*x]?\s*/, ''), planStatus(step)] as const));
    case 'ask': {
      const [question = '', ...options] = rest.split('|').map((part) => part.trim());
      const choices = options.map((label) => ({ label, description: label }));
      return ask({ id: 'q1', header: 'Question', question, options: choices });
    }
    case 'tool': {
      const [name = '', ...json] = rest.split(' ');
      return callTool(name, JSON.parse(json.join(' ') || '{}'));
    }
    case 'repeat':
      return say('x'.repeat(Number(rest)), { chunk: 65_536 });
    case 'pause':
      return pause(Number(rest));
    case 'usage':
      return usage({ input: Number(rest), output: Number(rest) });
    case 'hang':
      return hang();
    case 'cut':
      return cut();
    case 'http':
      return httpError(Number(rest.split(' ')[0]), { error: { message: rest } });
    case 'fail':
      return fail(rest.split(' ')[0] ?? 'server_error', rest);
    default:
      return httpError(400, { error: { message: `the scripted model knows no step "!${verb}"` } });
  }
}

function planStatus(step: string): 'completed' | 'in_progress' | 'pending' {
  if (/^\s*x\s/.test(step)) return 'completed';
  return /^\s*\*\s/.test(step) ? 'in_progress' : 'pending';
}
