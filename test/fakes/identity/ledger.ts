/** One thing that the provider did with a secret, in the order in which it did it. */
export interface Entry {
  readonly number: number;
  /** When, in milliseconds since the test began. */
  readonly atMs: number;
  readonly what: 'issued' | 'used' | 'replayed' | 'refused' | 'revoked';
  /** The login that it belongs to; undefined for a token that nobody knows. */
  readonly lineage: string | undefined;
  /** How often that login had been refreshed; -1 for a token that nobody knows. */
  readonly generation: number;
  /** How the request came about: a login, a refresh, or what ended it. */
  readonly via: string;
  /** Who asked, as their user agent says. */
  readonly by: string;
  /** The refresh token had been used before, whatever it was answered. */
  readonly isAgain?: boolean;
}

/** How much is shown to people. */
const LAST = 12;

/** What somebody does or does not hold: a test knows where to look. */
export type Holds = (refreshToken: string) => boolean;

/** All that the provider issued, and all that was used of it. The only witness of what became of a login. */
export class Ledger {
  readonly entries: Entry[] = [];
  /** Every secret that was ever issued: refresh, access and id tokens, codes, keys. */
  readonly secrets = new Set<string>();
  readonly #newest = new Map<string, string>();

  note(entry: Omit<Entry, 'number' | 'atMs'>): void {
    this.entries.push({ number: this.entries.length + 1, atMs: Math.round(performance.now()), ...entry });
  }

  /** The refresh token of a login that works now. */
  setNewest(lineage: string, refreshToken: string): void {
    this.#newest.set(lineage, refreshToken);
  }

  newestOf(lineage: string): string | undefined {
    return this.#newest.get(lineage);
  }

  /** How often a login has been refreshed. */
  refreshesOf(lineage: string): number {
    return this.entries.filter((entry) => entry.lineage === lineage && entry.what === 'used').length;
  }

  /** The uses of refresh tokens that had been used before, with whose they were. */
  usedAgain(): readonly Entry[] {
    return this.entries.filter(({ isAgain }) => isAgain);
  }

  /** For people: what happened last. */
  get tail(): string {
    return this.entries
      .slice(-LAST)
      .map(({ number, atMs, what, lineage, generation, via, by }) =>
        [number, `${atMs} ms`, what, `${lineage}/${generation}`, via, by.slice(0, 20)].join(' '),
      )
      .join('\n');
  }

  /** The logins whose newest refresh token nobody holds: no one can ever refresh them again. */
  lost(holds: Holds): readonly string[] {
    return [...this.#newest].flatMap(([lineage, token]) => (holds(token) ? [] : [lineage]));
  }

  /** The logins that the provider has ended, by whatever. */
  revoked(): readonly string[] {
    return this.entries.flatMap(({ what, lineage }) => (what === 'revoked' && lineage ? [lineage] : []));
  }
}
