import { onTestFinished } from 'vitest';

/** What nobody has caught since: it would end the process of a user. */
export function watchEscaped(): unknown[] {
  const escaped: unknown[] = [];
  const note = (error: unknown) => void escaped.push(error);
  const names = ['unhandledRejection', 'uncaughtException'] as const;
  for (const name of names) process.on(name, note);
  onTestFinished(() => {
    for (const name of names) process.off(name, note);
  });
  return escaped;
}
