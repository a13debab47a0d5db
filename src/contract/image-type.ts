/** What Codex takes as a picture, and what a browser may draw: none of these can run anything, as an SVG could. */
export type ImageType = 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp';

/** What is said of a file that is none of them. */
export const IMAGE_TYPES_IN_WORDS = 'PNG, JPEG, GIF or WebP';
/** How many pictures may go with a message. */
export const MAX_IMAGES = 10;
/** How large each of them may be, in bytes: 10 MiB. */
export const MAX_IMAGE_BYTES = 10 * 1024 * 1024;

/** The kind of a picture, told by its first bytes and not by its name; undefined for what is none. */
export function imageTypeOf(bytes: Uint8Array): ImageType | undefined {
  const begins = (text: string, at = 0) =>
    [...text].every((character, index) => bytes[at + index] === character.charCodeAt(0));
  if (begins('\x89PNG\r\n\x1a\n')) return 'image/png';
  if (begins('\xff\xd8\xff')) return 'image/jpeg';
  if (begins('GIF87a') || begins('GIF89a')) return 'image/gif';
  if (begins('RIFF') && begins('WEBP', 8)) return 'image/webp';
  return undefined;
}
