/** What a test can let go wrong with one request. Where it matters, before or after the provider has acted on it. */
export type Fault =
  /** Answers so, and does not act. */
  | { readonly kind: 'status'; readonly status: number; readonly body?: unknown; readonly headers?: HeaderMap }
  /** Waits before it acts, or with the answer. */
  | { readonly kind: 'hold'; readonly when: When; readonly until: Promise<unknown> }
  /** Breaks the connection off. `halfway`, `at the end`: after half of the answer, or all but its last character. */
  | { readonly kind: 'cut'; readonly when: When | 'halfway' | 'at the end' }
  /** Sends the answer a second time, unasked. */
  | { readonly kind: 'twice' }
  /** Acts, and answers with something that is no JSON. */
  | { readonly kind: 'malformed' }
  /** Acts, and leaves these fields out of the answer. */
  | { readonly kind: 'without'; readonly fields: readonly string[] };

export type When = 'before' | 'after';
type HeaderMap = Readonly<Record<string, string>>;

/** A fault that waits for its request. */
export interface PlannedFault {
  readonly fault: Fault;
  /** Settles when a request has met it: one that is held is then at the place where it is held. */
  readonly met: Promise<void>;
}

interface Waiting extends PlannedFault {
  readonly meet: () => void;
  readonly isLasting: boolean;
  readonly of: IsMeant;
}

/** Which requests meet a fault. */
export type IsMeant = (userAgent: string, body: string) => boolean;

/** Whether it is codex itself that asks, and not we about its login. */
export function isCodex(userAgent: string): boolean {
  return userAgent.includes('(');
}

/** Answers with an error as the provider words it. */
export function refusal(status: number, code: string, headers: HeaderMap = {}): Fault {
  return { kind: 'status', status, headers, body: { error: { message: `refused: ${code}`, type: 'error', code } } };
}

/** Never answers. */
export function silence(when: When): Fault {
  return { kind: 'hold', when, until: new Promise(() => {}) };
}

/** The faults to come, for each endpoint in order; a request without one is answered as it should be. */
export class Faults<Endpoint extends string> {
  readonly #waiting = new Map<Endpoint, Waiting[]>();
  readonly #lasting = new Map<Endpoint, Fault>();

  /** Lets the next request at an endpoint (the next `of` these) meet a fault, after those that were planned before. */
  next(endpoint: Endpoint, fault: Fault, of: IsMeant = () => true): PlannedFault {
    return this.#plan(endpoint, fault, of, false);
  }

  /** Lets each request of these meet it until `end` is called. */
  each(endpoint: Endpoint, fault: Fault, of: IsMeant): PlannedFault & { end(): void } {
    const planned = this.#plan(endpoint, fault, of, true);
    const others = () => (this.#waiting.get(endpoint) ?? []).filter((other) => other !== planned);
    return { fault, met: planned.met, end: () => void this.#waiting.set(endpoint, others()) };
  }

  /** Lets all requests meet it that have no other, until told otherwise. */
  always(endpoint: Endpoint, fault: Fault | undefined): void {
    if (fault) this.#lasting.set(endpoint, fault);
    else this.#lasting.delete(endpoint);
  }

  /** What this request meets, and how to tell that it has. */
  take(
    endpoint: Endpoint,
    userAgent = '',
    body = '',
  ): { readonly fault: Fault | undefined; readonly meet: () => void } {
    const waiting = this.#waiting.get(endpoint) ?? [];
    const at = waiting.findIndex(({ of }) => of(userAgent, body));
    const planned = waiting[at];
    if (planned && !planned.isLasting) waiting.splice(at, 1);
    return planned ?? { fault: this.#lasting.get(endpoint), meet: () => {} };
  }

  #plan(endpoint: Endpoint, fault: Fault, of: Waiting['of'], isLasting: boolean): Waiting {
    const { promise: met, resolve: meet } = Promise.withResolvers<void>();
    const planned = { fault, met, meet, of, isLasting };
    this.#waiting.set(endpoint, [...(this.#waiting.get(endpoint) ?? []), planned]);
    return planned;
  }
}
