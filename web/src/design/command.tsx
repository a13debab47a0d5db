import { useCaller } from './caller.ts';

/** A command for a terminal on the machine of the server, by the name that the program has there. `args`: what stands behind that. */
export function Command({ args }: { readonly args: string }) {
  const { server } = useCaller();
  return (
    <code>
      {server.data?.command ?? 'optio-codex'} {args}
    </code>
  );
}
