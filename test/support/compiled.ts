/** For the environment of a process of ours: where Node keeps what it has compiled, which the next one need not compile again. */
export function compiled(): { readonly NODE_COMPILE_CACHE?: string } {
  const { NODE_COMPILE_CACHE } = process.env;
  return NODE_COMPILE_CACHE ? { NODE_COMPILE_CACHE } : {};
}
