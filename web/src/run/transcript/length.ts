import { durationInWords } from '../../design/in-words.ts';

/** How long something took, in milliseconds: to a tenth of a second where it was short. */
export function lengthInWords(ms: number): string {
  return ms < 9_950 ? `${(ms / 1000).toFixed(1)} s` : durationInWords(ms);
}
