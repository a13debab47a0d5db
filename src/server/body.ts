import type { IncomingMessage } from 'node:http';
import { OptioError } from '../errors.ts';
import { HttpError, invalidInput } from './http-error.ts';

/** How much of a body is taken, in bytes, and how long it may say nothing, in milliseconds. */
export interface BodyLimits {
  readonly json: number;
  readonly file: number;
  readonly idleMs: number;
}

/** JSON that is nested deeper could not be written again. */
export const MAX_DEPTH = 100;

/** The body as JSON; `undefined` when there is none. Throws `invalid-input` and `message-too-large`. */
export async function readJson(incoming: IncomingMessage, limits: BodyLimits): Promise<unknown> {
  if (!hasBody(incoming)) return undefined;
  checkEncoding(incoming);
  if (!/^application\/(?:json|[\w.-]+\+json)$/.test(typeOf(incoming))) throw wrongType('application/json');
  const bytes = await readBytes(incoming, limits.json, limits.idleMs);
  if (bytes.length === 0) return undefined;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (isDeep(text)) throw new Error(`it is nested deeper than ${MAX_DEPTH} levels`);
    return JSON.parse(text);
  } catch (error) {
    throw invalidInput('body', `this is not JSON: ${(error as Error).message}`, 'Send JSON, in UTF-8.');
  }
}

/** The body as it is. Throws `invalid-input` for a form, in which a file would be wrapped, and `message-too-large`. */
export async function readFileBody(incoming: IncomingMessage, limits: BodyLimits): Promise<Uint8Array> {
  checkEncoding(incoming);
  const type = typeOf(incoming);
  if (type.startsWith('multipart/') || type === 'application/x-www-form-urlencoded') {
    throw wrongType('application/octet-stream');
  }
  return readBytes(incoming, limits.file, limits.idleMs);
}

/** The fields of a form of our own page. */
export async function readForm(incoming: IncomingMessage, limits: BodyLimits): Promise<URLSearchParams> {
  return new URLSearchParams(new TextDecoder().decode(await readBytes(incoming, limits.json, limits.idleMs)));
}

/** The media type of the body, without its parameters. */
export function typeOf({ headers }: IncomingMessage): string {
  return (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

function readBytes(incoming: IncomingMessage, limit: number, idleMs: number): Promise<Uint8Array> {
  const tooLarge = () =>
    new OptioError('message-too-large', `the body is larger than ${limit} bytes`, { remedy: 'Send less at a time.' });
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const isTooLong = Number(incoming.headers['content-length'] ?? 0) > limit;
    if (isTooLong) return reject(tooLarge());
    const settle = (act: () => void) => {
      clearTimeout(timer);
      incoming.off('data', take).off('end', finish).off('error', lose).off('close', lose);
      act();
    };
    const take = (chunk: Buffer) => {
      timer.refresh();
      size += chunk.length;
      if (size > limit) return settle(() => reject(tooLarge()));
      chunks.push(chunk);
    };
    const finish = () => settle(() => resolve(Buffer.concat(chunks)));
    const lose = () => settle(() => reject(new OptioError('aborted', 'the caller went away before it had sent all')));
    const timer = setTimeout(() => settle(() => reject(tooSlow(idleMs))), idleMs);
    incoming.on('data', take).on('end', finish).on('error', lose).on('close', lose);
  });
}

function tooSlow(idleMs: number): HttpError {
  const error = new OptioError('aborted', `nothing more of the body has come for ${idleMs} ms`, {
    remedy: 'Send it again.',
  });
  return new HttpError(408, error, { Connection: 'close' });
}

function wrongType(type: string): HttpError {
  const error = invalidInput('Content-Type', `the body has to be ${type}`, `Send it with Content-Type: ${type}.`);
  return new HttpError(415, error, { Accept: type });
}

function checkEncoding({ headers }: IncomingMessage): void {
  const encoding = headers['content-encoding'];
  if (encoding === undefined || encoding === 'identity') return;
  const error = invalidInput('Content-Encoding', 'the body must not be compressed', 'Send it as it is.');
  throw new HttpError(415, error, { 'Accept-Encoding': 'identity' });
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/** Counts the brackets that are open outside of texts. */
function isDeep(json: string): boolean {
  let depth = 0;
  let isInText = false;
  for (let at = 0; at < json.length; at++) {
    const char = json[at];
    if (isInText && char === '\\') at++;
    else if (char === '"') isInText = !isInText;
    else if (isInText) continue;
    else if (char === '[' || char === '{') depth++;
    else if (char === ']' || char === '}') depth--;
    if (depth > MAX_DEPTH) return true;
  }
  return false;
}
