/** What stands in the place of what is not shown. */
const HIDDEN = '(hidden)';

/**
 * A definition as everybody may see it who looks at a run or a task: without the values of the variables for its commands, which
 * may be keys.
 */
export function shownDefinition(definition: unknown): unknown {
  const { config } = (definition ?? {}) as { readonly config?: { readonly env?: Readonly<Record<string, string>> } };
  if (!config?.env) return definition;
  const env = Object.fromEntries(Object.keys(config.env).map((name) => [name, HIDDEN]));
  return { ...(definition as object), config: { ...config, env } };
}
