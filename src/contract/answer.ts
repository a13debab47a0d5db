/** Something the agent said, as far as it matters for which of it is the answer. */
interface Said {
  readonly text: string;
  readonly phase?: string | null | undefined;
}

/** What of all that was said in a turn is the answer: what the model marked as such, or else its last message. */
export function answerOf(messages: readonly Said[]): string {
  const marked = messages.filter(({ phase }) => phase === 'final_answer');
  return (marked.length > 0 ? marked : messages.slice(-1)).map(({ text }) => text).join('\n\n');
}
