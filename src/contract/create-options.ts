export interface CreateOptions {
  /**
   * Names what is made: with the same key again it is not made a second time, and what was made is given. Throws `key-reused`
   * when that was something else.
   */
  readonly idempotencyKey?: string;
}
