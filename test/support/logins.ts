import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const REFRESH_TOKEN = 'rt-canary-works-only-once';

/** A token as ChatGPT gives them, with so many minutes to live. */
export function makeToken(minutes: number, name = 'token'): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const exp = Math.floor(Date.now() / 1000) + minutes * 60;
  const claims = {
    exp,
    name,
    email: 'ada@example.org',
    'https://api.openai.com/auth': { chatgpt_plan_type: 'pro', chatgpt_account_id: 'acct-1' },
  };
  return `${part({ alg: 'none' })}.${part(claims)}.c2lnbmF0dXJl`;
}

/** Puts a ChatGPT login where the user's own codex has it. Gives its file. */
export function writeLogin(home: string, accessToken: string): string {
  const file = join(home, '.codex', 'auth.json');
  mkdirSync(join(home, '.codex'), { recursive: true });
  const tokens = {
    access_token: accessToken,
    refresh_token: REFRESH_TOKEN,
    id_token: accessToken,
    account_id: 'acct-1',
  };
  writeFileSync(file, JSON.stringify({ auth_mode: 'chatgpt', tokens, OPENAI_API_KEY: null }), { mode: 0o600 });
  return file;
}
