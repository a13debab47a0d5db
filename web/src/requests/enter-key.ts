interface FieldKey {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly altKey?: boolean;
  /** A letter is being put together of several keys. */
  readonly isComposing: boolean;
}

/** What a key means in a field of an answer: Enter gives it, Shift Enter is a new line, Escape closes what can be closed. */
export function meantInField({ key, shiftKey, altKey = false, isComposing }: FieldKey): 'give' | 'close' | null {
  if (isComposing || shiftKey || altKey) return null;
  return key === 'Enter' ? 'give' : key === 'Escape' ? 'close' : null;
}
