import { useLooksOn } from '../design/looking-on.ts';
import type { Command } from '../frame/commands.ts';
import { useDoVerb } from './use-do-verb.ts';
import { type Subject, type Verb, verbsFor } from './verbs.ts';

/** A verb for one run, and what does it. */
export type BoundVerb = Verb & { readonly act: () => Promise<void> };

/** What can be done with a run as it stands; nothing without one. `isOpen`: its screen is shown. */
export function useVerbs(subject: Subject | null, isOpen: boolean): readonly BoundVerb[] {
  const looksOn = useLooksOn();
  const doVerb = useDoVerb();
  if (!subject) return [];
  return verbsFor(subject, { looksOn, isOpen }).map((verb) => ({ ...verb, act: () => doVerb(verb.id, subject) }));
}

/** The same as the palette and the keys take it. */
export function asCommands(verbs: readonly BoundVerb[]): Command[] {
  return verbs.map(({ id, label, words, keys, act }) => ({ id, label, words, keys, act: () => void act() }));
}
