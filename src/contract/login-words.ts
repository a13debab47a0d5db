import type { LoginReport } from './event.ts';

const WHERE: Readonly<Record<LoginReport['kept'], string>> = {
  nowhere: '',
  memory: 'in the memory of Codex',
  tokens: 'short-lived tokens in the memory of Codex',
  file: 'in a file of its private home',
};

/** How a session is logged in, how that, and what is saved beside it, is kept from commands, and by what it is not, in a line. */
export function describeLogin(session: {
  readonly login: string;
  readonly loginReport?: LoginReport | null | undefined;
}): string {
  const { login, loginReport } = session;
  if (!loginReport) return login;
  const { kept, gaps } = loginReport;
  const but = gaps.length === 0 ? '' : `, but: ${gaps.join('; ')}`;
  if (kept === 'nowhere') return but === '' ? login : `${login}; what is saved here is hidden from commands${but}`;
  return `${login}: ${WHERE[kept]}, hidden from commands${but}`;
}
