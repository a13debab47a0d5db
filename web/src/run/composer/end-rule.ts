/** Whether a run is over once a turn of it has completed, by its definition: then nothing is sent after that. */
export function endsWithFirstTurn(definition: unknown): boolean {
  const { config } = asRecord(definition);
  return asRecord(config).endRule === 'firstTurn';
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
