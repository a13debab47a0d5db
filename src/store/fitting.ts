/** How many of these, from the first one on, are together no larger than this; at least one, where there is one. */
export function fitting(sizes: readonly number[], most: number): number {
  let total = 0;
  const over = sizes.findIndex((size, index) => {
    total += size;
    return total > most && index > 0;
  });
  return over < 0 ? sizes.length : over;
}
