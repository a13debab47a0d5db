import type { ClosedEvent } from '../codex/events.ts';
import type { TurnResult } from '../codex/turn.ts';
import type { ErrorRecord, RunOutcome } from '../contract/outcome.ts';
import { OptioError } from '../errors.ts';

/** How a session ended, before its teardown. */
export type SessionEnd = Pick<RunOutcome, 'status' | 'error' | 'output'>;

/** What of the end of a turn decides about the end of a run. */
export interface EndedTurn extends Pick<TurnResult, 'id' | 'status' | 'text'> {
  readonly error: {
    readonly message: string;
    readonly additionalDetails?: string | null;
    readonly codexErrorInfo?: CodexErrorInfo;
  } | null;
}

type CodexErrorInfo = NonNullable<TurnResult['error']>['codexErrorInfo'];

/** The end that a turn makes of a run that lasts one turn; undefined when it was only interrupted. */
export function endOfTurn(result: EndedTurn, expectsJson: boolean): SessionEnd | undefined {
  if (result.status === 'interrupted') return undefined;
  if (result.status === 'failed') return failed(describeTurnError(result));
  if (!expectsJson) return { status: 'done' };
  try {
    return { status: 'done', output: JSON.parse(result.text) };
  } catch (cause) {
    const remedy = 'Ask again, or choose a model that keeps to an output schema.';
    return failed(
      new OptioError('turn-failed', 'the answer is not the JSON that the output schema asks for', { cause, remedy }),
    );
  }
}

/** Nothing more can come of the thread of a turn that has ended so. */
export function isThreadFull({ error }: EndedTurn): boolean {
  return kindOf(error?.codexErrorInfo) === 'contextWindowExceeded';
}

/** The account of a turn that has ended so gets no more for now. */
export function isUsedUp({ error }: EndedTurn): boolean {
  return kindOf(error?.codexErrorInfo) === 'usageLimitExceeded';
}

/** How Codex words it that the provider has refused its refresh token by name; and any refusal whose code it does not know. */
const [REFUSED_BY_NAME, REFUSED] = [
  /could not be refreshed because your refresh token (has expired|was already used|was revoked)/,
  /could not be refreshed\. Please log out/,
];

/** How the provider has refused the login that Codex wanted to renew by itself; undefined where it has not. */
export function refusalOf({ error }: EndedTurn): 'by name' | 'otherwise' | undefined {
  const told = `${error?.message} ${error?.additionalDetails}`;
  if (REFUSED_BY_NAME.test(told)) return 'by name';
  return REFUSED.test(told) ? 'otherwise' : undefined;
}

export function failed(error: OptioError): SessionEnd {
  return { status: 'failed', error: toErrorRecord(error) };
}

export function toErrorRecord(error: OptioError): ErrorRecord {
  const { remedy, field, exitCode, signal, stderr } = error.details;
  return {
    code: error.code,
    message: error.message,
    ...(remedy && { remedy }),
    ...(field && { field }),
    ...(exitCode !== undefined && { exitCode }),
    ...(signal !== undefined && { signal }),
    ...(stderr && { stderr }),
  };
}

/** What to do about the failures that Codex has names for; older versions call most of them `other`. */
const REMEDIES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    contextWindowExceeded: 'Start a new run, or choose a model with a larger context window.',
    usageLimitExceeded: 'The account has used up its limit: wait until it resets, or use another login.',
    rateLimitExceeded: 'The provider is asked too often: wait a little and run again.',
    serverOverloaded: 'The provider has too much to do: wait a little and run again.',
    internalServerError: 'The provider failed: run again, and look at its status page if it stays so.',
    modelNotFound: 'Check the name of the model (--model).',
    unauthorized: 'The provider does not take the login: renew it, and check that it is meant for this provider.',
    sandboxError: 'Run the doctor: the sandbox does not work on this machine.',
    httpConnectionFailed: 'Check the address of the provider, the network, and the login.',
    responseStreamConnectionFailed:
      'Nothing answers there: check the address of the provider, that it is running, and the network.',
    responseStreamDisconnected:
      'The provider breaks its answers off: run again, and look at its status page if it stays so.',
    responseTooManyFailedAttempts: 'The provider refused every attempt: wait a little and run again.',
  }),
);

/** Whatever Codex was about when it was refused, what the provider answered says more about what to do. */
const KINDS_OF_STATUS: ReadonlyMap<unknown, string> = new Map([
  [401, 'unauthorized'],
  [403, 'unauthorized'],
  [404, 'httpConnectionFailed'],
  [429, 'rateLimitExceeded'],
]);

/** How Codex words what it has no kind for: of the last attempt of many it mostly says `other`. */
const REMEDIES_BY_WORDS: readonly (readonly [RegExp, string | undefined])[] = [
  [/connection failed|error sending request|connection refused/i, REMEDIES.get('responseStreamConnectionFailed')],
  [/idle timeout/i, 'The provider falls silent: run again, or give it more time (provider.silenceMs).'],
  [/stream disconnected/i, REMEDIES.get('responseStreamDisconnected')],
];

function kindOf(info: CodexErrorInfo | undefined): string | undefined {
  if (typeof info !== 'object' || info === null) return info ?? undefined;
  const [entry] = Object.entries(info);
  const status = (entry?.[1] as { httpStatusCode?: unknown } | null | undefined)?.httpStatusCode;
  if (typeof status === 'number' && status >= 500) return 'internalServerError';
  return KINDS_OF_STATUS.get(status) ?? entry?.[0];
}

function describeTurnError(result: EndedTurn): OptioError {
  const told = [result.error?.message, result.error?.additionalDetails].filter(Boolean).map(readable).join(': ');
  const [, byWords] = REMEDIES_BY_WORDS.find(([words]) => words.test(told)) ?? [];
  const remedy = byWords ?? REMEDIES.get(kindOf(result.error?.codexErrorInfo) ?? '');
  return new OptioError('turn-failed', told || 'the turn failed, and Codex does not say why', {
    ...(remedy && { remedy }),
  });
}

/** Codex hands on the whole body of a refusal; what it says is in the `message` of its `error`. */
function readable(text: string | null | undefined): string {
  try {
    const { error } = JSON.parse(text ?? '') as { error?: { message?: unknown } };
    if (typeof error?.message === 'string') return error.message;
  } catch {
    // It is no JSON, as mostly.
  }
  return text ?? '';
}

/** The codex of a turn had died with it before anyone came. */
export function cutTurn(): OptioError {
  return new OptioError('codex-exited', 'codex had ended in the middle of the turn, while nobody watched', {
    remedy: 'Run it again, or let its task be tried more than once.',
  });
}

/** Why a conversation ended although nobody had told it to; a lost connection alone is no end of codex. */
export function unexpectedEnd(reason: OptioError | null, event: ClosedEvent): OptioError {
  const { exitCode, signal, stderr } = event;
  const hasExited = exitCode !== undefined || signal !== undefined;
  if (reason && (reason.code !== 'connection-closed' || !hasExited)) return reason;
  const how = signal ? `was ended by ${signal}` : exitCode == null ? event.reason : `exited with ${exitCode}`;
  return new OptioError('codex-exited', `codex ended in the middle of the run: ${how}`, {
    ...(exitCode !== undefined && { exitCode }),
    ...(signal !== undefined && { signal }),
    ...(stderr && { stderr }),
  });
}
