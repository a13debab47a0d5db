import { useEffect, useState } from 'react';
import type { SeedLogin } from '../../../src/contract/seed-login.ts';
import { fromUnknown, type OptioError } from '../../../src/errors.ts';
import { api } from '../live/api.ts';
import { followLogin } from './logins.ts';

/** A login as it goes on, also while one is in another tab to enter the code. */
export function useLogin(first: SeedLogin): { readonly login: SeedLogin; readonly problem: OptioError | null } {
  const [login, setLogin] = useState(first);
  const [problem, setProblem] = useState<OptioError | null>(null);
  const { id } = first;
  useEffect(() => {
    const away = new AbortController();
    followLogin(api, id, { signal: away.signal, onChange: setLogin }).catch((thrown) => {
      if (!away.signal.aborted) setProblem(fromUnknown(thrown));
    });
    return () => away.abort();
  }, [id]);
  return { login, problem };
}
