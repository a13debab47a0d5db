/** Where one is among the messages that were sent before: null while one writes a new one. */
export interface Place {
  readonly at: number;
  /** What was in the box before one began to look back. */
  readonly draft: string;
}

export interface Step {
  readonly place: Place | null;
  readonly text: string;
}

/** The message before; undefined where there is none. The same one twice in a row counts once. */
export function older(messages: readonly string[], place: Place | null, text: string): Step | undefined {
  const at = findFrom(messages, (place?.at ?? messages.length) - 1, -1, text);
  const found = messages[at];
  return found === undefined ? undefined : { place: { at, draft: place?.draft ?? text }, text: found };
}

/** The message after it, and at last what was in the box. */
export function newer(messages: readonly string[], place: Place | null, text: string): Step | undefined {
  if (!place) return undefined;
  const at = findFrom(messages, place.at + 1, 1, text);
  const found = messages[at];
  return found === undefined ? { place: null, text: place.draft } : { place: { ...place, at }, text: found };
}

function findFrom(messages: readonly string[], from: number, step: 1 | -1, other: string): number {
  let at = from;
  while (messages[at] !== undefined && messages[at] === other) at += step;
  return at;
}
