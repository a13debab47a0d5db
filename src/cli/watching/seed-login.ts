import type { OptioApi } from '../../contract/api.ts';
import { isOver, type NewSeedLogin, type SeedLogin } from '../../contract/seed-login.ts';
import { OptioError } from '../../errors.ts';
import { CANCELLED } from '../exit-code.ts';
import type { Report } from '../report.ts';
import { CtrlC } from '../terminal/ctrl-c.ts';
import { printable, printableName } from '../terminal/text.ts';

/**
 * Lets somebody log in, and waits for that: says where and with which code. Ctrl-C gives it up; pressed once more it does not even
 * wait for that. Gives the exit code. Throws why the login has failed.
 */
export async function logIn(api: OptioApi, wanted: NewSeedLogin, report: Report): Promise<number> {
  const left = Promise.withResolvers<undefined>();
  const givenUp = Promise.withResolvers<void>();
  const ctrlC = new CtrlC({ onFirst: () => givenUp.resolve(), onSecond: () => left.resolve(undefined) });
  const untilLeft = <T>(answer: Promise<T>) => Promise.race([answer, left.promise]);
  try {
    const begun = await untilLeft(api.startSeedLogin(wanted));
    // What comes of that is told by the next state, or by the error that asking for it meets too.
    if (begun) void givenUp.promise.then(() => api.cancelSeedLogin(begun.id)).catch(() => {});
    let login = begun;
    if (login) tell(login, report);
    while (login && !isOver(login)) {
      const { id, state: seen }: SeedLogin = login;
      login = await untilLeft(api.seedLogin(id, { seen }));
      if (login && login.state !== seen) tell(login, report);
    }
    if (!login || (login.state === 'cancelled' && !login.error)) return CANCELLED;
    if (login.state !== 'done') throw toError(login);
    if (!report.isJson) await tellWhose(api, login, report);
    return 0;
  } finally {
    ctrlC.release();
  }
}

function tell(login: SeedLogin, report: Report): void {
  report.say(login, () => {
    if (login.state === 'waiting') return linesOf(login, report);
    if (login.state === 'saving') return ['Logged in. Saving it …'];
    return login.state === 'cancelled' ? ['Given up: nothing was saved.'] : [];
  });
}

/** The address and the code stand alone in their lines, so that they are easily copied. */
function linesOf({ method, url, userCode, expiresAt }: SeedLogin, { now, style }: Report): string[] {
  const minutes = Math.max(1, Math.round((Date.parse(expiresAt) - now) / 60_000));
  const address = ['', `  ${style.strong(printable(url ?? ''))}`, ''];
  const wait = `It waits for ${minutes} min. Ctrl-C gives it up.`;
  if (method === 'browser') {
    return [
      'Open this address in a browser, and log in with ChatGPT:',
      ...address,
      `${wait} The browser comes back to port 1455 of the machine on which codex runs:`,
      'where that is another one than that of the browser, leave --browser out, and log in with a code.',
    ];
  }
  return [
    'Open this address on any device, and log in with ChatGPT:',
    ...address,
    'Enter this code there, and give it to nobody else:',
    '',
    `  ${style.strong(printable(userCode ?? ''))}`,
    '',
    wait,
  ];
}

async function tellWhose(api: OptioApi, { seed: id }: SeedLogin, report: Report): Promise<void> {
  const seed = (await api.listSeeds()).find((one) => one.id === id);
  const { email, accountId, plan } = seed?.account ?? {};
  const whose = [email ?? accountId, plan && `plan ${plan}`].filter((part) => part != null);
  const told = whose.length > 0 ? `: ${printableName(whose.join(', '))}` : '';
  report.say(seed, () => [`${printableName(id)} is saved${told}.`]);
}

function toError({ state, error }: SeedLogin): OptioError {
  if (!error) return new OptioError('login-failed', `the login is ${state}`);
  const { code, message, remedy, field } = error;
  return new OptioError(code, message, {
    ...(remedy !== undefined && { remedy }),
    ...(field !== undefined && { field }),
  });
}
