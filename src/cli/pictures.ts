import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { IMAGE_TYPES_IN_WORDS, imageTypeOf, MAX_IMAGE_BYTES, MAX_IMAGES } from '../contract/image-type.ts';
import type { RunHandle } from '../contract/run-handle.ts';
import { fromUnknown, OptioError } from '../errors.ts';
import { printableName } from './terminal/text.ts';

/** A picture of whoever calls. */
interface Picture {
  /** What it is called in the workspace: the same for the same picture, so that it may be sent again with the same key. */
  readonly path: string;
  readonly content: Uint8Array;
}

/** Reads files to go with a message. Throws `invalid-input`, `message-too-large`. */
export async function readPictures(files: readonly string[]): Promise<Picture[]> {
  if (files.length > MAX_IMAGES)
    throw refused(`${files.length} pictures are more than may go with a message`, `Send ${MAX_IMAGES}.`);
  return Promise.all(files.map(read));
}

/** Puts them into the workspace of a run, and gives their paths there. Throws what `RunHandle.writeFile` throws. */
export async function uploadPictures(run: RunHandle, pictures: readonly Picture[]): Promise<string[]> {
  for (const { path, content } of pictures) await run.writeFile(path, content);
  return pictures.map(({ path }) => path);
}

async function read(file: string): Promise<Picture> {
  const content = await readFile(file).catch((cause) => {
    throw refused(`${printableName(file)} cannot be read: ${fromUnknown(cause).message}`, 'Check the path.');
  });
  if (content.length > MAX_IMAGE_BYTES) {
    throw new OptioError('message-too-large', `${printableName(file)} has more than ${MAX_IMAGE_BYTES} bytes`, {
      remedy: 'Make it smaller: a model sees no more of it anyway.',
    });
  }
  if (!imageTypeOf(content))
    throw refused(`${printableName(file)} is not a valid picture`, `Send ${IMAGE_TYPES_IN_WORDS}.`);
  const digest = createHash('sha256').update(content).digest('hex').slice(0, 8);
  const ending = extname(file).slice(0, 10);
  const stem = basename(file, extname(file)).replace(/^\.+/, '').slice(0, 80) || 'picture';
  return { path: `uploads/${stem}-${digest}${ending}`, content };
}

function refused(message: string, remedy: string): OptioError {
  return new OptioError('invalid-input', message, { remedy });
}
