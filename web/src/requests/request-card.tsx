import type { Request } from '../../../src/contract/request.ts';

export interface RequestCardProps {
  readonly runId: string;
  readonly request: Request;
}

/** Something that Codex asks, with the ways to answer it. */
export function RequestCard({ request }: RequestCardProps) {
  return <p>Codex waits for an answer ({request.kind}).</p>;
}
