import { z } from 'zod';

/**
 * Values by names that somebody has chosen. One called `__proto__` is refused: zod would leave it out without a word, and a
 * filter by that tag would be one by none.
 */
export function byName<V extends z.ZodType>(value: V) {
  return z.preprocess(
    (given, context) => {
      if (typeof given === 'object' && given !== null && Object.hasOwn(given, '__proto__')) {
        context.addIssue({ code: 'custom', message: 'nothing can be called __proto__', path: ['__proto__'] });
      }
      return given;
    },
    z.record(z.string(), value),
  );
}
