import { z } from 'zod';

/** A text that has a column of its own: PostgreSQL takes no NUL character in one. */
export const columnTextSchema = z.string().refine(isColumnText, { error: 'it holds a NUL character' });

/** A text in which somebody says why. */
export const reasonSchema = columnTextSchema.min(1, { error: 'it is empty' });

/** Tags to find something by. */
export const tagsSchema = z
  .record(z.string(), columnTextSchema)
  .refine((tags) => Object.keys(tags).every(isColumnText), { error: 'the name of a tag holds a NUL character' });

function isColumnText(text: string): boolean {
  return !text.includes('\0');
}
