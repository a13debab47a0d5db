import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core';
import { startChromium } from '../test/support/chromium.ts';

/** What the observer in a tab tells; see page-observer.js. */
interface Observer {
  readonly longTasks: readonly { readonly endedAt: number; readonly ms: number }[];
  readonly frames: Frames;
  seen(selector: string): Promise<number>;
  listen(selector: string): void;
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

/** Started as the tests do. */
export function startBrowser(): Promise<Browser> {
  return startChromium('--disable-back-forward-cache');
}

/** One tab. */
export class Tab {
  readonly page: Page;
  readonly #cdp: CDPSession;

  private constructor(page: Page, cdp: CDPSession) {
    this.page = page;
    this.#cdp = cdp;
  }

  static async open(context: BrowserContext): Promise<Tab> {
    const page = await context.newPage();
    await page.addInitScript({ path: new URL('page-observer.js', import.meta.url).pathname });
    const cdp = await context.newCDPSession(page);
    await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
    return new Tab(page, cdp);
  }

  /** Asks the observer of the tab. */
  ask<K extends keyof Observer>(
    what: K,
    ...given: Observer[K] extends (...given: infer G) => unknown ? G : []
  ): Promise<Observer[K] extends (...given: never[]) => infer R ? Awaited<R> : Awaited<Observer[K]>> {
    return this.page.evaluate(
      ([name, values]) => {
        const { observer } = globalThis as unknown as { readonly observer: Record<string, unknown> };
        const asked = observer[name as string];
        return (typeof asked === 'function' ? asked.apply(observer, values) : asked) as never;
      },
      [what, given] as const,
    );
  }

  async used(): Promise<Used> {
    const { metrics } = await this.#cdp.send('Performance.getMetrics');
    const of = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? 0;
    return {
      busyMs: 1000 * of('TaskDuration'),
      heap: of('JSHeapUsedSize'),
      longTasks: (await this.ask('longTasks')).length,
    };
  }

  /** What is left in bytes when all that nobody holds is gone. */
  async heap(): Promise<number> {
    await this.#cdp.send('HeapProfiler.collectGarbage');
    return (await this.used()).heap;
  }

  close(): Promise<void> {
    return this.page.close();
  }
}
