import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The files below a directory that hold a text, in clear, as base64, or as JSON escapes it. */
export function filesWith(directory: string, text: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((name) => {
    const path = join(directory, name);
    const stat = statSync(path, { throwIfNoEntry: false });
    return stat?.isFile() && holdsText(readFileSync(path), text);
  });
}

/** The files below directories that hold any secret that the provider has ever issued. */
export function filesWithSecrets(secrets: Iterable<string>, ...directories: readonly string[]): string[] {
  const all = [...secrets];
  return directories.flatMap((directory) =>
    readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => {
        const content = contentOf(path);
        return all.some((secret) => holdsText(content, secret));
      }),
  );
}

/** Empty for a file that is gone meanwhile. */
function contentOf(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0);
    throw thrown;
  }
}

/** Whether something holds a text, in clear, as JSON escapes it, or as base64, alone or in the middle of other data. */
export function holdsText(content: string | Buffer, text: string): boolean {
  const forms = [text, JSON.stringify(text).slice(1, -1), ...base64Forms(text)];
  return forms.some((form) => content.includes(form));
}

/**
 * Base64 writes three bytes as four characters, so a text has three forms, by where in its data it starts.
 * The characters at its edges also depend on its neighbours, and are left out.
 */
function base64Forms(text: string): string[] {
  return [0, 1, 2].flatMap((before) => {
    const data = Buffer.concat([Buffer.alloc(before), Buffer.from(text)]);
    const [start, end] = [Math.ceil((before * 8) / 6), Math.floor((data.length * 8) / 6)];
    return [data.toString('base64').slice(start, end), data.toString('base64url').slice(start, end)];
  });
}
