import { GATE_PATH } from '../seeds/gate-request.ts';

/** Where codex renews a login that lies in its home; whatever our own environment says of that goes to no codex. */
const VARIABLE = 'CODEX_REFRESH_TOKEN_URL_OVERRIDE';
const LOOPBACK = '127.0.0.1';

/**
 * The environment of a codex that renews its login at our gate, which no proxy is to reach in our place. Commands get none of this: of
 * the environment of codex they have the variables that are listed one by one.
 */
export function withGate(env: Readonly<Record<string, string>>, port: number): Record<string, string> {
  const { NO_PROXY = env.no_proxy, no_proxy = env.NO_PROXY } = env;
  return {
    ...env,
    [VARIABLE]: `http://${LOOPBACK}:${port}${GATE_PATH}`,
    NO_PROXY: besides(NO_PROXY),
    no_proxy: besides(no_proxy),
  };
}

/** What is reached without a proxy. */
function besides(hosts: string | undefined): string {
  const known = (hosts ?? '').split(',').map((host) => host.trim());
  if (known.includes('*') || known.includes(LOOPBACK)) return hosts ?? '';
  return [...known.filter(Boolean), LOOPBACK].join(',');
}
