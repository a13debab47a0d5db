/** What the provider can be asked, by what a test calls it. */
export type Endpoint =
  | 'refresh'
  | 'exchange'
  | 'revoke'
  | 'authorize'
  | 'device-start'
  | 'device-poll'
  | 'device-page'
  | 'accounts'
  | 'usage'
  | 'profile'
  | 'settings'
  | 'models'
  | 'responses'
  | 'other';

const ENDS: readonly (readonly [string, Endpoint])[] = [
  ['/oauth/revoke', 'revoke'],
  ['/oauth/authorize', 'authorize'],
  ['/api/accounts/deviceauth/usercode', 'device-start'],
  ['/api/accounts/deviceauth/token', 'device-poll'],
  ['/codex/device', 'device-page'],
  ['/wham/accounts/check', 'accounts'],
  ['/wham/usage', 'usage'],
  ['/wham/profiles/me', 'profile'],
  ['/wham/settings/user', 'settings'],
  ['/models', 'models'],
  ['/responses', 'responses'],
];

/** Which endpoint a path means, whatever host and prefix it comes by. `grant`: what tokens are asked for by. */
export function endpointOf(pathname: string, grant: string): Endpoint {
  if (pathname.endsWith('/oauth/token')) {
    if (grant === 'refresh_token') return 'refresh';
    return grant === 'authorization_code' ? 'exchange' : 'other';
  }
  return ENDS.find(([end]) => pathname.endsWith(end))?.[1] ?? 'other';
}
