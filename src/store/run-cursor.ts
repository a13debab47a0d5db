import { Buffer } from 'node:buffer';
import { z } from 'zod';
import type { RunSort } from '../contract/run-query.ts';
import { OptioError } from '../errors.ts';

/** The last run of a page: what it is sorted by, then when it was launched, and its id. */
export interface RunCursor {
  readonly key: string | null;
  readonly createdAt: string;
  readonly id: string;
}

const cursorSchema = z.tuple([z.string(), z.string().nullable(), z.string(), z.string()]);

export function writeCursor(sort: RunSort, { key, createdAt, id }: RunCursor): string {
  return Buffer.from(JSON.stringify([sort, key, createdAt, id])).toString('base64url');
}

/** Throws `invalid-input` for what no page in this order has given. `mayLack`: a run may not have what it is sorted by. */
export function readCursor(sort: RunSort, text: string, mayLack: boolean): RunCursor {
  const cursor = cursorSchema.safeParse(parsed(text));
  if (!cursor.success || (cursor.data[1] === null && !mayLack))
    throw invalid(`${JSON.stringify(text.slice(0, 50))} is not one that this list gave`);
  const [of, key, createdAt, id] = cursor.data;
  if (of !== sort) throw invalid(`it is of a list sorted by ${of}, and not by ${sort}`);
  return { key, createdAt, id };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {
    return undefined;
  }
}

function invalid(why: string): OptioError {
  return new OptioError('invalid-input', `cursor: ${why}`, {
    field: 'cursor',
    remedy: 'Give the `next` of the page before, with the same filter and order, or none to begin anew.',
  });
}
