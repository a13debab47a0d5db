import { spawn } from 'node:child_process';
import { cpSync, existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { subdirectory, testDirectory } from './directories.ts';
import { fakePath } from './fakes.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const FAKE = fakePath('records-its-call.sh');

export interface ProgramCall {
  readonly program: string;
  readonly args: readonly string[];
  /** The checkout is called `.` here, also in the arguments. */
  readonly cwd: string;
}

export interface ScriptOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Who the script takes itself for; root unless told otherwise. */
  readonly uid?: number;
  /** Which Node runs it; this one unless told otherwise. */
  readonly node?: string;
  /** Where it is called; in the checkout unless told otherwise. */
  readonly cwd?: string;
}

export interface StartedScript {
  readonly pid: number;
  /** What it has written on stderr so far. */
  said(): string;
  readonly ended: Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>;
}

/**
 * A checkout with our scripts in which nothing was fetched yet. Each program that they run only writes down how it was
 * called (`test/fakes/records-its-call.sh`), and no program of this machine is on their PATH.
 */
export class Checkout {
  readonly root: string = testDirectory('checkout');
  readonly #programs = subdirectory(this.root, 'programs');
  readonly #record = join(testDirectory('record'), 'calls');

  constructor() {
    cpSync(join(ROOT, 'scripts'), join(this.root, 'scripts'), { recursive: true });
    subdirectory(this.root, 'test', 'binaries');
    subdirectory(this.root, 'web');
    for (const path of ['package.json', 'package-lock.json', 'test/binaries/package.json', 'web/package.json'])
      cpSync(join(ROOT, path), join(this.root, path));
    for (const folder of ['test/binaries', 'web']) writeFileSync(join(this.root, folder, 'package-lock.json'), '{}');
    symlinkSync('/bin/sh', join(this.#programs, 'sh'));
    this.add('npm');
    const bin = subdirectory(this.root, 'node_modules', '.bin');
    for (const name of ['node', 'tsc', 'biome', 'knip', 'publint', 'vitest']) symlinkSync(FAKE, join(bin, name));
  }

  /** Puts programs onto the PATH. */
  add(...names: readonly string[]): void {
    for (const name of names) symlinkSync(FAKE, join(this.#programs, name));
  }

  /** Lets a program wait; gives what lets it go on. */
  hold(program: string): () => void {
    const file = `${this.#record}.hold-${program}`;
    writeFileSync(file, '');
    return () => rmSync(file);
  }

  /** How a program ends from now on. */
  end(program: string, exitCode: number, stderr = ''): void {
    writeFileSync(`${this.#record}.exits-${program}`, `${exitCode}\n`);
    writeFileSync(`${this.#record}.says-${program}`, stderr);
  }

  /** What was run, in order. */
  get calls(): ProgramCall[] {
    if (!existsSync(this.#record)) return [];
    const lines = readFileSync(this.#record, 'utf8').replaceAll(this.root, '.').trimEnd().split('\n');
    return lines.map((line) => {
      const [program = '', cwd = '', ...args] = line.split('\t');
      return { program, args, cwd };
    });
  }

  /** Starts a script of ours; ends with the test. */
  start(script: string, args: readonly string[] = [], options: ScriptOptions = {}): StartedScript {
    const user = join(this.root, 'user.cjs');
    writeFileSync(user, `process.getuid = () => ${options.uid ?? 0};\n`);
    const child = spawn(
      options.node ?? process.execPath,
      ['--require', user, join(this.root, 'scripts', script), ...args],
      {
        cwd: options.cwd ?? this.root,
        env: { PATH: this.#programs, RECORD: this.#record, ...options.env },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    onTestFinished(() => void child.kill('SIGKILL'));
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (piece: string) => {
      said += piece;
    });
    const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
    const ended = Promise.all([text(child.stdout), exited]).then(([stdout, code]) => ({ code, stdout, stderr: said }));
    return { pid: child.pid ?? -1, said: () => said, ended };
  }

  /** Runs a script of ours to its end. */
  run(...args: Parameters<Checkout['start']>): StartedScript['ended'] {
    return this.start(...args).ended;
  }
}
