import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { vi } from 'vitest';
import { Outlet } from '../../src/cli/outlet.ts';
import { main } from '../../src/cli/program.ts';
import type { Settings } from '../../src/config/settings.ts';
import type { OptioApi } from '../../src/contract/api.ts';
import { NOW } from './run-summary.ts';

export interface CommandLineOptions {
  /** What stands on standard input; a terminal that nobody types at, unless given. */
  readonly input?: string;
  /** All three are a terminal, with so many columns. */
  readonly columns?: number;
  /** What the configuration says (nothing). */
  readonly settings?: Settings;
}

/** A command line that was begun over an API. */
export interface RunningCommandLine {
  /** The exit code. */
  readonly ended: Promise<number>;
  stdout(): string;
  stderr(): string;
  /** What one sees on a terminal of all that was written. */
  text(): string;
  type(keys: string): void;
  /** Standard output, as the command has it. */
  readonly output: PassThrough;
}

/** Begins a command line in this process, over this API. */
export function beginCommandLine(
  api: OptioApi,
  argv: readonly string[],
  { input, columns, settings = {} }: CommandLineOptions = {},
): RunningCommandLine {
  const isTTY = columns !== undefined;
  const stream = () => Object.assign(new PassThrough(), { ...(isTTY && { columns, rows: 24 }), isTTY });
  const [stdout, stderr] = [stream(), stream()];
  const said = { stdout: '', stderr: '', all: '' };
  for (const [name, written] of [['stdout', stdout] as const, ['stderr', stderr] as const]) {
    written.setEncoding('utf8').on('data', (text: string) => {
      said[name] += text;
      said.all += text;
    });
  }
  const stdin = Object.assign(new PassThrough(), { isTTY: input === undefined });
  if (input !== undefined) stdin.end(input);
  const surroundings = {
    output: new Outlet(stdout),
    complaints: new Outlet(stderr),
    input: stdin,
    connect: async () => api,
    settings: () => settings,
    now: () => NOW,
  };
  const ended = main(['node', 'optio-codex', ...argv], surroundings).then(async (code) => {
    await new Promise(setImmediate); // what was written last has then been read
    return code;
  });
  return {
    ended,
    stdout: () => said.stdout,
    stderr: () => said.stderr,
    text: () => stripVTControlCharacters(said.all),
    type: (keys) => void stdin.write(keys),
    output: stdout,
  };
}

export interface CommandLineEnd {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line to its end, in this process and without colours. */
export async function runCommandLine(
  api: OptioApi,
  argv: readonly string[],
  options: CommandLineOptions = {},
): Promise<CommandLineEnd> {
  vi.stubEnv('FORCE_COLOR', '0');
  try {
    const running = beginCommandLine(api, argv, options);
    const code = await running.ended;
    return { code, stdout: running.stdout(), stderr: running.stderr() };
  } finally {
    vi.unstubAllEnvs();
  }
}
