import { z } from 'zod';
import { byName } from './by-name.ts';

/** A text that has a column of its own: PostgreSQL takes no NUL character in one. */
export const columnTextSchema = z.string().refine(isColumnText, { error: 'it holds a NUL character' });

/** A text in which somebody says why. */
export const reasonSchema = columnTextSchema.min(1, { error: 'it is empty' });

/** Names that every object has something under; a tag of such a name would be mistaken for that somewhere. */
const TAKEN = ['__proto__', 'constructor', 'prototype'];

/** Tags to find something by. */
export const tagsSchema = byName(columnTextSchema)
  .refine((tags) => Object.keys(tags).every(isColumnText), { error: 'the name of a tag holds a NUL character' })
  .refine((tags) => Object.keys(tags).every(isTagName), { error: `no tag can be called ${TAKEN.join(', ')}` });

/** Whether a tag may be called so. */
export function isTagName(name: string): boolean {
  return !TAKEN.includes(name);
}

function isColumnText(text: string): boolean {
  return !text.includes('\0');
}
