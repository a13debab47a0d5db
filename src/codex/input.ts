import type { UserInput } from './protocol/v2/UserInput.ts';

/** A part of a message. Local paths are read by Codex, on the machine where it runs. */
export type MessageInput =
  | { readonly type: 'text'; readonly text: string }
  /** A picture by URL; `data:` URLs carry it along. */
  | { readonly type: 'image'; readonly url: string }
  | { readonly type: 'localImage'; readonly path: string };

export function toUserInput(message: string | readonly MessageInput[]): UserInput[] {
  const parts: readonly MessageInput[] = typeof message === 'string' ? [{ type: 'text', text: message }] : message;
  return parts.map((part) => (part.type === 'text' ? { ...part, text_elements: [] } : { ...part }));
}
