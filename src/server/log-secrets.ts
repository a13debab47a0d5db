const LEFT_OUT = '(left out)';
/** What looks like a secret, wherever it stands. None of them takes in what ends a text in JSON. */
const SECRETS: readonly RegExp[] = [
  /\boc_[\w-]{8,}/g, // tokens of ours
  /\bsk-[\w-]{8,}/g, // keys of providers
  /\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, // web tokens
  /\b(?:bearer|basic) +[\w.~+/=-]+/gi,
  /(?<=\b(?:authorization|cookie|api[-_]?key|access[-_]?token|refresh[-_]?token|token|secret|password)=)[^\s"\\&;,]+/gi,
];

/** A line of the log without what looks like a secret: the last guard, since no secret is to get so far. */
export function withoutSecrets(line: string): string {
  return SECRETS.reduce((clean, secret) => clean.replace(secret, LEFT_OUT), line);
}
