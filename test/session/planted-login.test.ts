import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { OptioError } from '../../src/errors.ts';
import { withGateToken } from '../../src/seeds/gate-token.ts';
import { tokensOf } from '../../src/seeds/renewed-auth.ts';
import { saveLeftLogin } from '../../src/session/planted-login.ts';
import { chatgptAuth } from '../support/auth.ts';
import { host, keeper, lend, makeHome, plantedIn } from '../support/planted.ts';
import { until } from '../support/processes.ts';

describe('a login in the home of codex', () => {
  it('lies there without its refresh token, with what opens our gate, and nothing is left of it at the end', async () => {
    const { directory, file } = makeHome();
    const { lent, saved, guests } = lend();
    const planted = plantedIn(directory, lent);
    await planted.plant();
    const [pass] = guests;
    expect(readFileSync(file, 'utf8')).toBe(withGateToken(lent.auth, pass?.token ?? ''));
    expect(readFileSync(file, 'utf8')).not.toContain(tokensOf(lent.auth)?.refreshToken);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(join(directory, 'seed.json'), 'utf8'))).toEqual({
      seedId: 'work',
      version: 1,
      port: 4_000,
    });
    planted.watch();
    await planted.settle();
    expect([saved, readFileSync(file, 'utf8')]).toEqual([[], '{}\n']);
  });

  it('is reached by codex at our gate, past every proxy, and by no codex that has it whole', async () => {
    const { directory } = makeHome();
    const planted = plantedIn(directory, lend().lent);
    const env = { HTTP_PROXY: 'http://proxy.example', NO_PROXY: 'a.example, b.example' };
    expect(planted.environment(env)).toEqual(env);
    await planted.plant();
    const hosts = 'a.example,b.example,127.0.0.1';
    expect(planted.environment(env)).toEqual({
      ...env,
      CODEX_REFRESH_TOKEN_URL_OVERRIDE: 'http://127.0.0.1:4000/oauth/token',
      NO_PROXY: hosts,
      no_proxy: hosts,
    });
  });

  it('is told of when it was renewed, also by a refresh that a process before us has begun', async () => {
    const { directory } = makeHome();
    const versions: number[] = [];
    const onSaved = (version: number) => void versions.push(version);
    const first = lend();
    const planted = plantedIn(directory, first.lent, { onSaved });
    await planted.plant();
    planted.watch();
    first.renew(2);
    await until(() => JSON.parse(readFileSync(join(directory, 'seed.json'), 'utf8')).version === 2, 'its record');
    planted.leave();
    first.renew(3);
    expect(versions).toEqual([2]);
    const next = lend({ version: 3 }); // with another access token
    await plantedIn(directory, next.lent, { onSaved }).resume();
    await plantedIn(directory, next.lent, { onSaved }).resume();
    expect(versions).toEqual([2, 3]);
    await plantedIn(directory, lend({ version: 4, auth: next.lent.auth }).lent, { onSaved }).plant();
    expect(versions).toEqual([2, 3, 4]);
    await plantedIn(directory, lend({ version: 5, auth: next.lent.auth }).lent, { onSaved }).plant();
    expect(versions, 'with other settings, and the same login').toEqual([2, 3, 4]);
  });

  it('is known at the gate to the next process, which says where that cannot be any more', async () => {
    const { directory } = makeHome();
    const { lent, guests } = lend();
    await plantedIn(directory, lent).plant();
    let unreachable = 0;
    const onUnreachable = () => void unreachable++;
    const [there, elsewhere] = [lend(), lend({ port: 4_001 })];
    await plantedIn(directory, there.lent, { onUnreachable }).resume();
    expect([there.guests, unreachable]).toEqual([guests, 0]);
    await plantedIn(directory, elsewhere.lent, { onUnreachable }).resume();
    expect([elsewhere.guests, unreachable]).toEqual([guests, 1]);
  });

  it('is never saved as codex has it, whatever becomes of its home', async () => {
    const { directory, file } = makeHome();
    const { lent, saved } = lend();
    const planted = plantedIn(directory, lent);
    await planted.plant();
    planted.watch();
    const renewed = JSON.parse(readFileSync(file, 'utf8'));
    renewed.tokens.access_token = tokensOf(chatgptAuth())?.accessToken;
    writeFileSync(file, JSON.stringify(renewed)); // as codex does with what it got at the gate
    const logins = keeper();
    expect(await saveLeftLogin(host, directory, logins)).toBeUndefined();
    await plantedIn(directory, lent, { logins }).plant();
    await plantedIn(directory, lend({ seedId: 'other' }).lent, { logins }).plant();
    await planted.settle();
    expect([saved, logins.left, readFileSync(file, 'utf8')]).toEqual([[], [], '{}\n']);
  });

  it('is put over half of one, and over nothing', async () => {
    const { directory, file } = makeHome();
    const { lent, saved } = lend();
    for (const before of [undefined, lent.auth.slice(0, 99), '{}\n']) {
      if (before !== undefined) writeFileSync(file, before);
      await plantedIn(directory, lent).plant();
      expect(tokensOf(readFileSync(file, 'utf8'))?.accessToken).toBe(tokensOf(lent.auth)?.accessToken);
    }
    expect(saved).toEqual([]);
  });

  it('is not put there once it is lost', async () => {
    const { directory, file } = makeHome();
    const { lent, lost } = lend();
    lost.abort(new OptioError('lease-lost', 'somebody else has it'));
    await expect(plantedIn(directory, lent).plant()).rejects.toMatchObject({ code: 'lease-lost' });
    expect(existsSync(file)).toBe(false);
  });
});
