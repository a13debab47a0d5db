import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GatePass } from '../../src/contract/seed-wish.ts';
import type { FileLoan } from '../../src/seeds/file-loan.ts';
import { tokensOf } from '../../src/seeds/renewed-auth.ts';
import { asFile, type BrokerPlace, brokerPlace } from './broker.ts';

/** What the gate has answered. */
export interface GateAnswer {
  readonly status: number;
  readonly body: {
    readonly access_token?: string;
    readonly id_token?: string;
    readonly refresh_token?: string;
    readonly error?: { readonly code: string };
  };
}

type Reason = 'proactive_expiry' | 'unauthorized_recovery';

/** As a codex that has a login in its home, where it writes down what it is given. */
export class GateVisitor {
  /** The access token that it has. */
  held: string | undefined;
  pass: GatePass = { token: '', port: 0 };

  constructor({ auth }: Pick<FileLoan, 'auth'>) {
    this.held = tokensOf(auth)?.accessToken;
  }

  readonly holds = async (): Promise<string | undefined> => this.held;

  ask(reason: Reason = 'unauthorized_recovery', port = this.pass.port): Promise<GateAnswer> {
    return askAt(port, { refresh_token: this.pass.token, refresh_reason: reason });
  }

  async renew(reason?: Reason): Promise<GateAnswer> {
    const answer = await this.ask(reason);
    this.held = answer.body.access_token ?? this.held;
    return answer;
  }
}

/** What a codex sends. */
export async function askAt(port: number, body: object, path = '/oauth/token', method = 'POST'): Promise<GateAnswer> {
  const sent = JSON.stringify({ client_id: 'app', grant_type: 'refresh_token', ...body });
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { method, ...(method === 'POST' && { body: sent }) });
  return { status: response.status, body: (await response.json()) as GateAnswer['body'] };
}

export interface GatePlace extends BrokerPlace {
  readonly loan: FileLoan;
  readonly visitor: GateVisitor;
}

/** A login that is lent for the home of a codex, and that codex. */
export async function gatePlace(livesMs?: number): Promise<GatePlace> {
  const place = await brokerPlace(livesMs);
  await place.add(undefined, 'work');
  const loan = asFile(await place.lend('run-1', 'work', { mode: 'file' }));
  const visitor = new GateVisitor(loan);
  visitor.pass = await loan.admit(visitor.holds);
  return { ...place, loan, visitor };
}

/** The port that the next process is to listen at. */
export function storedPort(directory: string): number {
  return JSON.parse(readFileSync(join(directory, 'seeds', 'gate.json'), 'utf8')).port;
}
