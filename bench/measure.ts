/** The middle of several measurements. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

/** Measures ours and the reference in turn, so that whatever the machine does meanwhile falls on both. */
export async function alternate(
  rounds: number,
  ours: () => Promise<number>,
  reference: () => Promise<number>,
): Promise<{ ours: number[]; reference: number[] }> {
  const measured = { ours: [] as number[], reference: [] as number[] };
  for (let round = 0; round <= rounds; round++) {
    const [a, b] = [await ours(), await reference()];
    if (round === 0) continue; // to warm up
    measured.ours.push(a);
    measured.reference.push(b);
  }
  return measured;
}

/** One line that a program can read. */
export function printRatio(name: string, ratio: number): void {
  process.stdout.write(`ratio ${name} ${ratio.toFixed(3)}\n`);
}
