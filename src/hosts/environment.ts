/** What a program needs to find its way about; nothing in it is a secret of ours. */
const ALLOWED = [
  'PATH',
  'LANG',
  'LC_*',
  'LANGUAGE',
  'TERM',
  'TZ',
  'USER',
  'LOGNAME',
  'SHELL',
  // How to reach the network, and whom to trust there.
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'ALL_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'all_proxy',
  'no_proxy',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'CODEX_CA_CERTIFICATE',
];

/** The part of an environment that programs of ours get, without the names that match a pattern of `scrub`. */
export function allowedEnvironment(
  source: Readonly<Record<string, string | undefined>>,
  scrub: readonly string[] = [],
): Record<string, string> {
  const allowed: Record<string, string> = {};
  for (const [name, value] of Object.entries(source)) {
    if (value !== undefined && matches(ALLOWED, name) && !matches(scrub, name)) allowed[name] = value;
  }
  return allowed;
}

/** `*` stands for any characters; upper and lower case differ. */
function matches(patterns: readonly string[], name: string): boolean {
  return patterns.some((pattern) => {
    const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
    return new RegExp(`^${parts.join('.*')}$`).test(name);
  });
}
