import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { type CodexBinary, PINNED_VERSION } from '../codex/binary.ts';
import type { Host } from '../hosts/host.ts';

export interface HomeTemplateOptions {
  readonly host: Host;
  readonly dataDir: string;
  /** The pinned one: databases that a newer one makes are not for this one. */
  readonly binary: CodexBinary;
}

/**
 * Fills a fresh CODEX_HOME with what codex would make there at its first start: empty databases.
 * That takes codex about 150 ms of each start, so it is done once for the pinned version and copied. Where it cannot be
 * done, codex does it by itself; it does not mind what a copy that broke off has left.
 */
export async function fillCodexHome(options: HomeTemplateOptions, codexHome: string): Promise<void> {
  const { host, dataDir } = options;
  const template = join(dataDir, 'templates', `codex-${PINNED_VERSION}`);
  if (host.isLocal && !isSound(template)) await drop(host, template);
  if ((await host.exists(template)) || (await makeTemplate(options, template).catch(() => false))) {
    await host.copyDirectory(template, codexHome).catch(() => {}); // somebody else may have dropped it meanwhile
  }
}

/** A power cut may have left half of it. Codex would make up for that, and take its time at every start. */
function isSound(template: string): boolean {
  try {
    return readdirSync(template).every((name) => !name.endsWith('.sqlite') || isDatabase(join(template, name)));
  } catch {
    return false;
  }
}

function isDatabase(file: string): boolean {
  const url = pathToFileURL(file);
  url.search = '?immutable=1'; // without it SQLite would leave files of its own beside it
  const database = new DatabaseSync(url, { readOnly: true });
  try {
    const [row] = database.prepare('PRAGMA quick_check').all();
    return row?.quick_check === 'ok';
  } finally {
    database.close();
  }
}

/** Moved away whole before it is removed: whoever looks for it finds all of it or nothing. */
async function drop(host: Host, template: string): Promise<void> {
  const aside = `${template}.${randomBytes(6).toString('hex')}`;
  const isMoved = await host.move(template, aside).catch(() => false);
  if (isMoved) await host.removeDirectory(aside);
}

/** Made beside its place and moved there whole; of two that make it at once the second finds it there. */
async function makeTemplate({ host, binary, dataDir }: HomeTemplateOptions, template: string): Promise<boolean> {
  if (!host.isLocal) return false;
  const work = join(dataDir, 'templates', `.${randomBytes(6).toString('hex')}`);
  const [home, clean] = [join(work, 'home'), join(work, 'clean')];
  await Promise.all([host.makeDirectory(home), host.makeDirectory(clean)]);
  try {
    await startOnce(host, binary, home);
    for (const name of readdirSync(home)) {
      if (name.endsWith('.sqlite')) await copyDatabase(join(home, name), join(clean, name));
    }
    await host.writeFile(join(clean, 'installation_id'), await host.readFile(join(home, 'installation_id')));
    await host.move(clean, template);
    return true;
  } finally {
    await host.removeDirectory(work);
  }
}

/** Codex ends without closing its databases, and one that is copied together with its log may not open again. */
async function copyDatabase(from: string, to: string): Promise<void> {
  const database = new DatabaseSync(from, { readOnly: true });
  try {
    await backup(database, to);
  } finally {
    database.close();
  }
}

/** Codex makes its databases before it answers the first call, and ends with its input. */
async function startOnce(host: Host, binary: CodexBinary, home: string): Promise<void> {
  const params = { clientInfo: { name: 'optio_codex', title: 'optio-codex', version: '0' } };
  const input = `${JSON.stringify({ id: 1, method: 'initialize', params })}\n`;
  const env = { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: home, CODEX_HOME: home };
  await host.run([binary.path, 'app-server'], { cwd: home, env, input });
}
