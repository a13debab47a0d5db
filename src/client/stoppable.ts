/**
 * What a generator gives, for a reader who may leave while it waits, or whose signal may be aborted: the generator is told, and
 * has to end then. (By itself it would hear of that only after it has given the next thing.)
 */
export function stoppable<T>(
  generate: (left: AbortSignal) => AsyncGenerator<T, void>,
  signal?: AbortSignal,
): AsyncIterable<T> {
  return {
    [Symbol.asyncIterator]() {
      const leaving = new AbortController();
      const generator = generate(signal ? AbortSignal.any([leaving.signal, signal]) : leaving.signal);
      return {
        next: () => generator.next(),
        return: async () => {
          leaving.abort();
          await generator.return();
          return { done: true, value: undefined };
        },
      };
    },
  };
}
