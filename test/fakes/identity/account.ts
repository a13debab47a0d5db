/** Somebody who can log in. */
export interface Account {
  /** What Codex calls the account or workspace. */
  readonly id: string;
  readonly userId: string;
  readonly email: string;
  readonly plan: string;
  readonly usage: Usage;
}

/** How much of an account is used up; a test may change it. */
export interface Usage {
  /** The short window and the long one, as fractions of 100. */
  primaryPercent: number;
  secondaryPercent: number;
  /** When the windows begin anew, in seconds since 1970. */
  primaryResetsAt: number;
  secondaryResetsAt: number;
  /** Nothing more is allowed before the window begins anew. */
  isExhausted: boolean;
}

let count = 0;

/** An account of its own, unless told whose. */
export function makeAccount(given: Partial<Omit<Account, 'usage'>> & { usage?: Partial<Usage> } = {}): Account {
  const number = ++count;
  const now = Math.floor(Date.now() / 1000);
  return {
    id: given.id ?? `acct-${number}`,
    userId: given.userId ?? `user-${number}`,
    email: given.email ?? `person-${number}@example.org`,
    plan: given.plan ?? 'pro',
    usage: {
      primaryPercent: 12,
      secondaryPercent: 34,
      primaryResetsAt: now + 3_600,
      secondaryResetsAt: now + 5 * 86_400,
      isExhausted: false,
      ...given.usage,
    },
  };
}
