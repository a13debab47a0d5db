import { z } from 'zod';

/** A model that Codex offers. Any other one is taken by name. */
export const modelInfoSchema = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  isDefault: z.boolean(),
  efforts: z.array(z.string()),
  defaultEffort: z.string().nullable(),
});
export type ModelInfo = z.infer<typeof modelInfoSchema>;
