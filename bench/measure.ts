/** The middle of several measurements. */
export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** What this share of several measurements does not exceed; between two of them where it falls between. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const [below = 0, above = below] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return below + (above - below) * (at % 1);
}

/** Measures several things in turn, so that whatever the machine does meanwhile falls on all of them. */
export async function alternate<K extends string>(
  rounds: number,
  measures: Readonly<Record<K, () => Promise<number>>>,
): Promise<Record<K, number[]>> {
  const names = Object.keys(measures) as K[];
  const measured = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<K, number[]>;
  for (let round = 0; round <= rounds; round++) {
    for (const name of names) {
      const value = await measures[name]();
      if (round > 0) measured[name].push(value); // the first one is to warm up
    }
  }
  return measured;
}

/** One line that a program can read. */
export function printRatio(name: string, ratio: number): void {
  process.stdout.write(`ratio ${name} ${ratio.toFixed(3)}\n`);
}
