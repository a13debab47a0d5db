/** Lets what concerns one thing be done one after the other, in the order in which it was asked for. */
export class OneByOne {
  readonly #last = new Map<string, Promise<unknown>>();

  /** What failed before is nothing to whoever comes next. */
  do<T>(thing: string, act: () => Promise<T>): Promise<T> {
    const acting = (this.#last.get(thing) ?? Promise.resolve()).then(act, act);
    this.#last.set(thing, acting);
    const forget = () => {
      if (this.#last.get(thing) === acting) this.#last.delete(thing);
    };
    acting.then(forget, forget);
    return acting;
  }
}
