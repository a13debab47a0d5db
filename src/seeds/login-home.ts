import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'smol-toml';
import { z } from 'zod';
import { sessionMark } from '../codex/launch.ts';
import { MAX_SEED_FILE_BYTES } from '../contract/seed.ts';
import { newSeedLoginSchema } from '../contract/seed-login.ts';
import type { Host } from '../hosts/host.ts';
import { readAuth } from './auth-file.ts';
import { AUTH_FILE } from './manifest.ts';

/** Nothing of the user's own, and nobody to report to. The login goes to a file, from which we take it. */
const CONFIG = stringify({
  model_provider: 'openai',
  cli_auth_credentials_store: 'file',
  check_for_update_on_startup: false,
  analytics: { enabled: false },
  skills: { bundled: { enabled: false } },
  features: { apps: false, plugins: false },
});
const ORDER_FILE = 'login.json';
const NAME = /^login-[0-9a-f]{16}$/;

/** A newer version may have written more, or ways of logging in that we do not know: it is a login all the same. */
const orderSchema = z.object({
  login: z.object({ ...newSeedLoginSchema.shape, method: newSeedLoginSchema.shape.method.catch(undefined) }),
  startedAt: z.string(),
  /** What was kept of the configuration that was given with it: of that the file is to hold no more. */
  config: z.string().optional(),
  /** Nobody wants it any more, whatever it has become. */
  isGivenUp: z.boolean(),
});
/** What a login is for. It is written down before anybody can log in. */
export type LoginOrder = z.infer<typeof orderSchema> & {
  /** What was written down cannot be read: nobody knows for which seed it is, and in its place stands the home. */
  readonly isUnreadable?: boolean;
};

/** The private directory of one login, from which it is saved, also by the next process. */
export class LoginHome {
  readonly id: string;
  readonly #host: Host;
  readonly #directory: string;

  private constructor(host: Host, parent: string, id: string) {
    this.#host = host;
    this.id = id;
    this.#directory = join(parent, id);
  }

  /** What nobody has had yet; nothing is on disk. */
  static plan(host: Host, parent: string): LoginHome {
    return new LoginHome(host, parent, `login-${randomBytes(8).toString('hex')}`);
  }

  /** What earlier processes have left. */
  static async left(host: Host, parent: string): Promise<LoginHome[]> {
    const names = await readdir(parent).catch((): string[] => []);
    return names.filter((name) => NAME.test(name)).map((name) => new LoginHome(host, parent, name));
  }

  get codexHome(): string {
    return join(this.#directory, 'codex');
  }

  /** Where codex is at work. */
  get home(): string {
    return join(this.#directory, 'home');
  }

  /** Where codex keeps the login. */
  get authFile(): string {
    return join(this.codexHome, AUTH_FILE);
  }

  async make(order: LoginOrder): Promise<void> {
    await Promise.all([this.#host.makeDirectory(this.codexHome), this.#host.makeDirectory(this.home)]);
    await this.#host.writeFile(join(this.codexHome, 'config.toml'), CONFIG, { durable: false });
    await this.write(order);
  }

  /** On disk when it resolves. */
  write(order: LoginOrder): Promise<void> {
    return this.#host.writeFile(join(this.#directory, ORDER_FILE), JSON.stringify(order));
  }

  async order(): Promise<LoginOrder> {
    try {
      const content = await this.#host.readFile(join(this.#directory, ORDER_FILE), { maxBytes: MAX_SEED_FILE_BYTES });
      return orderSchema.parse(JSON.parse(content.toString('utf8')));
    } catch {
      return { login: { id: this.id }, startedAt: new Date().toISOString(), isGivenUp: false, isUnreadable: true };
    }
  }

  /** What codex has written, once that is a whole login. */
  async auth(): Promise<string | undefined> {
    const root = await this.#host.realPath(this.codexHome);
    const content = root && (await this.#host.readInside(root, AUTH_FILE, { maxBytes: MAX_SEED_FILE_BYTES }));
    const text = content ? content.toString('utf8') : '';
    const read = readAuth(text);
    return read.isWhole && read.facts.kind === 'chatgpt' ? text : undefined;
  }

  /** Kills whatever is at work in it. */
  async sweep(): Promise<void> {
    const codexHome = (await this.#host.realPath(this.codexHome)) ?? this.codexHome;
    await this.#host.sweep(sessionMark(this.id, codexHome));
  }

  remove(): Promise<void> {
    return this.#host.removeDirectory(this.#directory);
  }
}
