import { readFileSync } from 'node:fs';
import type { Devtools } from './devtools.ts';

const OBSERVER = readFileSync(new URL('page-observer.js', import.meta.url), 'utf8');

/** What the observer in a tab tells; see page-observer.js. */
interface Observer {
  readonly longTasks: readonly { readonly endedAt: number; readonly ms: number }[];
  readonly frames: Frames;
  seen(selector: string): Promise<number>;
  caughtUp(): Promise<number>;
  middleOf(selector: string): { readonly x: number; readonly y: number };
  listen(selector: string): void;
  readonly pressedAt: number;
  readonly answer: Promise<number>;
  quiet(ms: number): Promise<number>;
  nextFrame(scroller: string): Promise<number>;
  jump(scroller: string, share: number): void;
  whole(): Promise<void>;
  watch(scroller: string, row: string, head: string | null): void;
  grow(pieces: readonly string[], perFrame: number): Promise<void>;
}

/** The frames in which somebody has looked on. */
export interface Frames {
  readonly count: number;
  /** How many of them showed paper where there should have been a row. */
  readonly blank: number;
  /** How many came more than 50 ms after the one before. */
  readonly late: number;
}

/** What a tab has used, in milliseconds of its main thread and in bytes. */
export interface Used {
  readonly busyMs: number;
  readonly heap: number;
  /** Tasks of more than 50 ms. */
  readonly longTasks: number;
}

/** One tab. */
export class Tab {
  readonly #devtools: Devtools;
  readonly #target: string;
  readonly #session: string;

  private constructor(devtools: Devtools, target: string, session: string) {
    this.#devtools = devtools;
    this.#target = target;
    this.#session = session;
  }

  static async open(devtools: Devtools): Promise<Tab> {
    const { targetId } = await devtools.send('Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await devtools.send('Target.attachToTarget', { targetId, flatten: true });
    const tab = new Tab(devtools, String(targetId), String(sessionId));
    await tab.#send('Page.enable');
    await tab.#send('Page.addScriptToEvaluateOnNewDocument', { source: OBSERVER });
    await tab.#send('Performance.enable', { timeDomain: 'threadTicks' });
    return tab;
  }

  /** Goes there; resolves once the document has begun to come. */
  async goTo(url: string): Promise<void> {
    const { errorText } = await this.#send('Page.navigate', { url });
    if (errorText !== undefined) throw new Error(`${url}: ${errorText}`);
  }

  /** Asks the observer of the tab. */
  async ask<K extends keyof Observer>(
    what: K,
    ...given: Observer[K] extends (...given: infer G) => unknown ? G : []
  ): Promise<Observer[K] extends (...given: never[]) => infer R ? Awaited<R> : Awaited<Observer[K]>> {
    const isAct = `typeof observer.${what} === 'function'`;
    const expression = `${isAct} ? observer.${what}(...${JSON.stringify(given)}) : observer.${what}`;
    const { result, exceptionDetails } = await this.#send('Runtime.evaluate', {
      ...{ expression, awaitPromise: true, returnByValue: true },
    });
    if (exceptionDetails) throw new Error(`${what}: ${JSON.stringify(exceptionDetails)}`);
    return (result as { readonly value: never }).value;
  }

  /** Presses Ctrl+F. */
  async find(): Promise<void> {
    const key = { key: 'f', code: 'KeyF', modifiers: 2, windowsVirtualKeyCode: 70 };
    await this.#send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...key });
    await this.#send('Input.dispatchKeyEvent', { type: 'keyUp', ...key });
  }

  /** Moves the mouse to a place, and presses it there. */
  async click({ x, y }: { readonly x: number; readonly y: number }): Promise<void> {
    await this.#send('Input.dispatchMouseEvent', { type: 'mouseMoved', x, y });
    for (const type of ['mousePressed', 'mouseReleased'])
      await this.#send('Input.dispatchMouseEvent', { type, x, y, button: 'left', clickCount: 1 });
  }

  /** Turns the wheel over a place, by so many pixels. */
  async wheel({ x, y }: { readonly x: number; readonly y: number }, deltaY: number): Promise<void> {
    await this.#send('Input.dispatchMouseEvent', { type: 'mouseWheel', x, y, deltaX: 0, deltaY });
  }

  async used(): Promise<Used> {
    const metrics = (await this.#send('Performance.getMetrics')).metrics as { name: string; value: number }[];
    const of = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? 0;
    return {
      busyMs: 1000 * of('TaskDuration'),
      heap: of('JSHeapUsedSize'),
      longTasks: (await this.ask('longTasks')).length,
    };
  }

  /** What is left in bytes when all that nobody holds is gone. */
  async heap(): Promise<number> {
    await this.#send('HeapProfiler.collectGarbage');
    return (await this.used()).heap;
  }

  async close(): Promise<void> {
    await this.#devtools.send('Target.closeTarget', { targetId: this.#target });
  }

  #send(method: string, params: object = {}) {
    return this.#devtools.send(method, params, this.#session);
  }
}
