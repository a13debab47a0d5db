import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What stands below a heading of a page: commands to type, and answers that are shown. */
export interface Section {
  readonly heading: string;
  readonly commands: readonly string[];
  readonly answers: readonly unknown[];
}

/** The sections of a page that have commands, in order. */
export function readSections(page: string): Section[] {
  const text = readFileSync(join(import.meta.dirname, '..', '..', '..', page), 'utf8');
  return text.split(/^#+ (?=.*\n\n)/m).flatMap((section) => {
    const blocks = (language: string) =>
      [...section.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(
        ([, block = '']) => block,
      );
    const [heading = ''] = section.split('\n');
    const answers = blocks('json').map((block) => JSON.parse(block) as unknown);
    const commands = blocks('sh');
    return commands.length > 0 ? [{ heading, commands, answers }] : [];
  });
}

/** The names of all fields in a value, with where they are: what two answers of the same kind have in common. */
export function fieldsIn(value: unknown, at = ''): string[] {
  if (Array.isArray(value)) return [...new Set(value.flatMap((each) => fieldsIn(each, `${at}[]`)))];
  if (typeof value !== 'object' || value === null) return [at];
  return Object.entries(value).flatMap(([name, inner]) => fieldsIn(inner, `${at}.${name}`));
}
