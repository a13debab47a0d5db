/** A message that is being changed here. */
export interface Editing {
  readonly id: string;
  readonly draft: string;
  /** What it said when one last saw that, so that nothing is written over that others have written. */
  readonly was: string;
  readonly images: readonly string[];
}

/** The other ones stay as they are. */
export function putInto(all: readonly Editing[], editing: Editing): readonly Editing[] {
  const at = all.findIndex(({ id }) => id === editing.id);
  return at < 0 ? [...all, editing] : all.with(at, editing);
}
