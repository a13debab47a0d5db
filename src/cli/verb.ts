import type { ServedApi } from './backend.ts';
import type { Invocation } from './program.ts';
import { Report } from './report.ts';

/** Flags that every verb has. */
export interface CommonFlags {
  readonly json?: boolean;
}

/** How the flag is declared that every verb has. */
export const JSON_FLAG = ['--json', 'print JSON, for programs'] as const;

/** What a RUN on the command line may be, for the help. */
export const RUN_HELP = 'its id, the beginning of it, its name, or @last';

/** Gives a verb the API and somewhere to say what came of it; a number that it gives is the exit code (0). */
export async function onApi(
  invocation: Invocation,
  { json = false }: CommonFlags,
  act: (api: ServedApi, report: Report) => Promise<unknown>,
): Promise<void> {
  const { output, now } = invocation;
  const api = await invocation.connect();
  try {
    const code = await act(api, new Report({ output, now, isJson: json }));
    if (typeof code === 'number') invocation.exitCode = code;
  } finally {
    await api.close();
  }
}
