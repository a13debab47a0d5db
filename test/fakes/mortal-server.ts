import { readFileSync, rmSync } from 'node:fs';
import { Server, ServerResponse } from 'node:http';
import { flushCompileCache } from 'node:module';

/**
 * Loaded before a server of ours (`node --import`): it kills its own process by SIGKILL at a request that the file in
 * `OPTIO_TEST_DEATH` describes, once. Without such a file, and in any other process, it does nothing.
 */
const file = process.env.OPTIO_TEST_DEATH;

interface Death {
  /** The method and the path of the request, as a regular expression. */
  readonly request: string;
  /**
   * `before` anything is done about it, `after` it was done and before anything is answered, or instead of the piece of the
   * answer that has this text in it.
   */
  readonly when: 'before' | 'after' | { readonly text: string };
}

if (file !== undefined && process.argv.includes('serve')) {
  const dies = new WeakMap<object, Death>();
  const die = () => {
    flushCompileCache(); // or those who are killed would leave nothing of it to the next
    rmSync(file);
    process.kill(process.pid, 'SIGKILL');
  };
  const { emit } = Server.prototype;
  Server.prototype.emit = function (name: string | symbol, ...given: unknown[]) {
    if (name === 'request') {
      const [incoming, outgoing] = given as [{ readonly method: string; readonly url: string }, ServerResponse];
      const death = readDeath(file);
      if (death && new RegExp(death.request).test(`${incoming.method} ${incoming.url}`)) {
        if (death.when === 'before') die();
        dies.set(outgoing, death);
      }
    }
    return Reflect.apply(emit, this, [name, ...given]);
  };
  const { writeHead, write } = ServerResponse.prototype;
  ServerResponse.prototype.writeHead = function (this: ServerResponse, ...given: unknown[]) {
    if (dies.get(this)?.when === 'after') die();
    return Reflect.apply(writeHead, this, given);
  } as typeof writeHead;
  ServerResponse.prototype.write = function (this: ServerResponse, ...given: unknown[]) {
    const when = dies.get(this)?.when;
    if (typeof when === 'object' && String(given[0]).includes(when.text)) die();
    return Reflect.apply(write, this, given);
  } as typeof write;
}

function readDeath(path: string): Death | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Death;
  } catch {
    return undefined; // nobody has ordered one
  }
}
