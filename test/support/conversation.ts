import { PassThrough } from 'node:stream';
import { onTestFinished, vi } from 'vitest';
import { Conversation } from '../../src/cli/conversation/conversation.ts';
import { Outlet } from '../../src/cli/outlet.ts';
import { type Ending, Leaving } from '../../src/cli/watching/ending.ts';
import type { RunHandle } from '../../src/contract/run-handle.ts';
import { watchOutlet } from './outlet.ts';
import { until } from './processes.ts';
import { SESSION_STARTED } from './run-events.ts';
import { type ScriptedRun, scriptRun } from './run-handle.ts';
import { VirtualTerminal } from './virtual-terminal.ts';

export const KEY = {
  enter: '\r',
  altEnter: '\u001b\r',
  up: '\u001b[A',
  down: '\u001b[B',
  left: '\u001b[D',
  tab: '\t',
  ctrlC: '\u0003',
  ctrlD: '\u0004',
} as const;

/** Somebody in a conversation with a scripted run. */
export interface Sitting extends ScriptedRun {
  readonly terminal: VirtualTerminal;
  readonly input: PassThrough;
  readonly ended: Promise<Ending>;
  readonly complaints: () => string;
  /** Presses keys. */
  press(...keys: readonly string[]): void;
  /** Waits until something stands on the screen. */
  shows(text: string): Promise<void>;
  /** The run is under way, and in a turn unless told otherwise. */
  begin(isTurning?: boolean): void;
}

export interface SittingOptions {
  readonly handle?: Partial<RunHandle>;
  readonly yes?: boolean;
  readonly isAttached?: boolean;
  readonly columns?: number;
  readonly rows?: number;
}

export function sitDown(options: SittingOptions = {}): Sitting {
  const { handle, yes = false, isAttached = true } = options;
  vi.stubEnv('FORCE_COLOR', '0');
  onTestFinished(() => void vi.unstubAllEnvs());
  const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => {} });
  const stdin = vi.spyOn(process, 'stdin', 'get').mockReturnValue(input as never);
  onTestFinished(() => void stdin.mockRestore());
  const scripted = scriptRun(handle);
  const terminal = new VirtualTerminal(options);
  const complaints = watchOutlet();
  const leaving = new Leaving();
  const view = {
    output: new Outlet(terminal.stream),
    complaints: complaints.outlet,
    isAttached,
    knowsFirst: !isAttached,
    leaving,
  };
  const ended = new Conversation(scripted.handle, { ...view, rule: { yes, rest: 'leave' } }).hold();
  ended.catch(() => {});
  onTestFinished(async () => {
    leaving.leave('key');
    await ended.catch(() => {});
  });
  return {
    ...scripted,
    terminal,
    input,
    ended,
    complaints: complaints.written,
    press: (...keys) => void input.write(keys.join('')),
    shows: (text) => until(() => terminal.text().includes(text), `"${text}" on the screen:\n${terminal.text()}\n`),
    begin(isTurning = true) {
      scripted.run.emit({ type: 'run.state', state: 'running' });
      scripted.run.emit(SESSION_STARTED);
      if (isTurning) scripted.run.emit({ type: 'turn.started', turnId: 't1' });
    },
  };
}
