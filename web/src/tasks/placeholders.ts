/** The names in instructions that a launch fills in: `{{name}}`, as the session reads them. */
export function placeholdersOf(instructions: string): string[] {
  return [...new Set([...instructions.matchAll(/\{\{\s*([\w.-]+)\s*\}\}/g)].map(([, name = '']) => name))];
}
