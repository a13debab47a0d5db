import { base } from '../live/api.ts';

/** Begins a session with a token, or with the code of a link that holds once. Throws why it could not. */
export async function logIn(credentials: { readonly token: string } | { readonly code: string }): Promise<void> {
  const response = await fetch(`${base}/api/session`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(credentials),
  });
  if (response.ok) return;
  const { message, remedy } = (await response.json().catch(() => ({}))) as { message?: string; remedy?: string };
  throw new Error([message ?? `the server answered ${response.status}`, remedy].filter(Boolean).join('. '));
}

export async function logOut(): Promise<void> {
  await fetch(`${base}/api/session`, { method: 'DELETE' });
}

/** Whoever has come by the link that the server printed is let in; the code leaves the address, where it would be kept. */
export async function logInByLink(): Promise<void> {
  const code = /^#login=([\w-]+)$/.exec(location.hash)?.[1];
  if (code === undefined) return;
  await logIn({ code }).catch(() => {}); // where there is a session already it does not matter; else one is asked for a token
  history.replaceState(null, '', location.pathname + location.search);
}
