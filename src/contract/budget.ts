import { z } from 'zod';

/** How much a run may use until somebody allows more. */
const budgetSchema = z.strictObject({
  /** Turns with messages of ours. */
  turns: z.number().int().positive().optional(),
  /** Of the run's own thread, input and output together. */
  tokens: z.number().int().positive().optional(),
  /** From its begin, in milliseconds; what it waits for its turn to begin does not count. */
  wallMs: z.number().int().positive().optional(),
});
export type Budget = z.infer<typeof budgetSchema>;
