import type { Item } from '../contract/item.ts';
import { Newest } from './newest.ts';
import type { ResponseItem } from './protocol/ResponseItem.ts';

/** Tools that run commands, by the names that they had over time. */
const SHELLS: ReadonlySet<string> = new Set(['exec_command', 'shell', 'local_shell', 'container.exec']);
const SHELL = 'shell';
const PATCH = 'apply_patch';

/** What stands between what codex says of a command and what the command has put out. */
const OUTPUT = '\nOutput:\n';
const RUNNING = /^Process running with session ID /m;
/** What codex answers the model for a command whose turn was interrupted. */
const ABORTED = /^aborted by user/m;
/** What codex tells as the exit code of a command that was stopped. */
const STOPPED = -1;

interface Call {
  readonly name: string;
  readonly input: string;
}

/**
 * Finds the commands that codex tells nothing of, or only the start. One that fails at once and whose output looks as if
 * the sandbox had denied something is never told to have ended, although it ran, and may have done a part of its work;
 * its start is told if somebody was asked about it, or the machine is busy. The raw items of the model have every call
 * and every output.
 */
export class CommandAudit {
  /** Calls whose output has not come, the newest: one that was interrupted never gets any. */
  readonly #calls = new Newest<Call>();
  /** The items that were given: whatever codex tells of them later is no news. */
  readonly #given = new Newest<true>();

  /** The end of an item was told, or its start if it is no command; its call needs no other record. */
  told(itemId: string): void {
    this.#calls.delete(itemId);
  }

  /** The start of a command was told. Whoever takes a thread up in the middle of it was told of no call. */
  began(itemId: string, command: string, workdir: string): void {
    if (!this.#calls.get(itemId)) this.#rememberShell(itemId, JSON.stringify({ cmd: command, workdir }));
  }

  /** Whether the end of an item was given here. */
  hasGiven(itemId: string): boolean {
    return this.#given.get(itemId) !== undefined;
  }

  /** Takes a raw item; gives the item whose end codex should have told, once its output is there. */
  take(raw: ResponseItem, cwd: string): Item | undefined {
    switch (raw.type) {
      case 'function_call':
        if (SHELLS.has(raw.name)) this.#rememberShell(raw.call_id, raw.arguments);
        return undefined;
      case 'custom_tool_call':
        if (raw.name === PATCH) this.#remember(raw.call_id, { name: PATCH, input: raw.input });
        return undefined;
      case 'function_call_output':
      case 'custom_tool_call_output':
        return this.#untold(raw.call_id ?? '', textOf(raw.output), cwd);
      default:
        return undefined;
    }
  }

  #rememberShell(callId: string, input: string): void {
    this.#remember(callId, { name: SHELL, input });
  }

  #remember(callId: string, call: Call): void {
    this.#calls.set(callId, call, 200 + 2 * call.input.length);
  }

  #untold(id: string, text: string, cwd: string): Item | undefined {
    const call = this.#calls.get(id);
    if (!call) return undefined;
    this.#calls.delete(id);
    const [header = '', ...lines] = text.split(OUTPUT);
    // It goes on, beside what the model does next, and its end is told.
    if (call.name !== PATCH && RUNNING.test(header)) return undefined;
    this.#given.set(id, true, 200);
    if (call.name === PATCH) {
      return { kind: 'toolCall', id, tool: PATCH, arguments: call.input, status: 'failed', error: text };
    }
    const { command, workdir } = readArguments(call.input);
    const said = /^Process exited with code (-?\d+)$/m.exec(header)?.[1];
    const exitCode = said !== undefined ? Number(said) : ABORTED.test(header) ? STOPPED : undefined;
    return {
      kind: 'command',
      id,
      command,
      cwd: workdir ?? cwd,
      // Without an exit code it was not run: refused by the policy or by a person.
      status: exitCode === undefined ? 'declined' : exitCode === 0 ? 'completed' : 'failed',
      output: lines.length > 0 ? lines.join(OUTPUT) : text,
      ...(exitCode !== undefined && { exitCode }),
    };
  }
}

function readArguments(json: string): { command: string; workdir?: string } {
  try {
    // The model wrote it, and nobody has checked it.
    const { cmd, command, workdir } = JSON.parse(json) as Record<string, unknown>;
    const text = cmd ?? (Array.isArray(command) ? command.join(' ') : command);
    return {
      command: typeof text === 'string' ? text : json,
      ...(typeof workdir === 'string' && workdir && { workdir }),
    };
  } catch {
    return { command: json };
  }
}

function textOf(output: unknown): string {
  return typeof output === 'string' ? output : JSON.stringify(output);
}
