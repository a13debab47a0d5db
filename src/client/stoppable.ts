/**
 * What a generator gives, for a reader who may leave while it waits: the generator is told by its signal, and has to end
 * then. (A generator of its own would hear of that only after it has given the next thing.)
 */
export function stoppable<T>(generate: (left: AbortSignal) => AsyncGenerator<T, void>): AsyncIterable<T> {
  return {
    [Symbol.asyncIterator]() {
      const leaving = new AbortController();
      const generator = generate(leaving.signal);
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
