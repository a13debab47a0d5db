/** Which runs of this process use which seed now. */
export class SeedUsers {
  readonly #uses: { readonly seedId: string; readonly runId: string }[] = [];

  /** The result takes it back. */
  add(seedId: string, runId: string): () => void {
    const use = { seedId, runId };
    this.#uses.push(use);
    return () => {
      const at = this.#uses.indexOf(use);
      if (at >= 0) this.#uses.splice(at, 1);
    };
  }

  of(seedId: string): string[] {
    return this.#uses.flatMap((use) => (use.seedId === seedId ? [use.runId] : []));
  }
}
