/** `950`, `8.6k`, `24k`, `1.2M`: how many, where the order of magnitude is enough. */
export function short(number: number): string {
  for (const [unit, letter] of [
    [1e9, 'G'],
    [1e6, 'M'],
    [1e3, 'k'],
  ] as const) {
    // What would be rounded up to a whole next unit belongs there.
    if (number < unit * 0.9995) continue;
    const inUnits = number / unit;
    return `${inUnits < 9.95 ? inUnits.toFixed(1).replace(/\.0$/, '') : Math.round(inUnits)}${letter}`;
  }
  return String(number);
}

/** `1,200`: a whole number. By hand, since what the browser has for it takes many milliseconds the first time. */
export function grouped(number: number): string {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `1 run`, `1,200 runs`. */
export function counted(number: number, one: string, many = `${one}s`): string {
  return `${grouped(number)} ${number === 1 ? one : many}`;
}
