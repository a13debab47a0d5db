import { MAX_IMAGES } from '../../../../src/contract/image-type.ts';

interface AddedFile {
  /** Where it lies, from the workspace on; null while it does not. */
  readonly path: string | null;
  /** Null for what is no picture. */
  readonly preview: string | null;
}

/** What of them goes in as pictures, and what is named in the text: any other file, and pictures beyond the tenth. */
export function attached(files: readonly AddedFile[]): {
  readonly images: string[];
  readonly others: string[];
} {
  const there = files.flatMap(({ path, preview }) => (path === null ? [] : [{ path, isPicture: preview !== null }]));
  const images = there.flatMap(({ path, isPicture }) => (isPicture ? [path] : [])).slice(0, MAX_IMAGES);
  return { images, others: there.flatMap(({ path }) => (images.includes(path) ? [] : [path])) };
}
