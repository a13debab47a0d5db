import { spawn } from 'node:child_process';
import { onTestFinished } from 'vitest';

/** A shell that somebody types into: what is set in one command is there in the next. */
export class Shell {
  readonly #child;
  #said = '';
  #told = () => {};

  constructor(options: { readonly env: Readonly<Record<string, string>>; readonly cwd: string }) {
    this.#child = spawn('sh', [], { ...options, stdio: 'pipe', detached: true });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.#said += text;
        this.#told();
      });
    }
    onTestFinished(() => {
      try {
        process.kill(-(this.#child.pid as number), 'SIGKILL'); // with what runs in its background
      } catch {
        // none of them is left
      }
    });
  }

  /** Types commands; gives all that is said until the last of them is over. */
  async type(commands: string): Promise<string> {
    const mark = `-- ${crypto.randomUUID()} --`;
    const over = Promise.withResolvers<void>();
    this.#said = '';
    this.#told = () => this.#said.includes(mark) && over.resolve();
    this.#child.stdin.write(`${commands}\necho '${mark}'\n`);
    await over.promise;
    return this.#said.slice(0, this.#said.indexOf(mark));
  }
}
