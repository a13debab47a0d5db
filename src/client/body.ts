import type { RouteSpec } from '../contract/route.ts';
import { strange } from './problem.ts';

/** What a file is sent as. */
export const BYTES = 'application/octet-stream';

/** The JSON of an answer. Throws `server-unreachable` for what is none, as the page of somebody in between. */
export async function jsonOf(response: Response): Promise<unknown> {
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    throw strange(response);
  }
}

/** The file of an answer. Throws as `jsonOf` does. */
export async function bytesOf(response: Response): Promise<Uint8Array> {
  if (!response.headers.get('content-type')?.startsWith(BYTES)) throw strange(response);
  return new Uint8Array(await response.arrayBuffer());
}

/** Takes an answer that says no more than that it was done. Throws as `jsonOf` does: it has not been done then. */
export async function nothingOf(response: Response, { status = 204 }: RouteSpec): Promise<undefined> {
  if (response.status !== status) throw strange(response);
  await response.arrayBuffer(); // or the connection stays taken
}
