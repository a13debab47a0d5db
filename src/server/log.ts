import { pino } from 'pino';
import { fromUnknown, OptioError } from '../errors.ts';
import type { AnsweredRequest } from './exchange.ts';
import { LogFile, type LogFileOptions } from './log-file.ts';
import { withoutSecrets } from './log-secrets.ts';
import { toText } from './log-text.ts';

type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

export interface LogOptions extends LogFileOptions {
  /** What is less important is left out (`info`). */
  readonly level?: LogLevel;
  /** Where to, as JSON; to stderr unless told otherwise. It is rotated. */
  readonly file?: string;
  /** To stderr for people instead of as JSON (where that is a terminal). */
  readonly pretty?: boolean;
  /** Takes what would go to stderr; for tests. */
  readonly write?: (text: string) => void;
}

/** What a line of the log is about, besides its message. Never a body of a request, or a part of it. */
type LogFields = Readonly<Record<string, string | number | boolean>>;

export interface Log {
  info(message: string, about?: LogFields): void;
  warn(message: string, about?: LogFields): void;
  /** Something went wrong. */
  error(message: string, thrown: unknown): void;
  /** A request was answered; with what went wrong where that is our fault. */
  answered(request: AnsweredRequest): void;
  close(): void;
}

/** What programs ask all day long. */
const ROUTINE: readonly (string | undefined)[] = ['health', 'readiness', 'metrics'];
const MAX_PATH = 300;

/** The log of a server, a line for each request and for what went wrong. Throws when its file cannot be opened. */
export function createLog({ level = 'info', file, pretty, write = writeToStderr, ...sizes }: LogOptions = {}): Log {
  const logFile = file === undefined ? undefined : new LogFile(file, sizes);
  const isPretty = pretty ?? process.stderr.isTTY === true;
  const isColoured = process.stderr.isTTY === true && !process.env.NO_COLOR;
  const take = (line: string) => {
    const clean = withoutSecrets(line);
    if (logFile) logFile.write(clean);
    else write(isPretty ? toText(clean, isColoured) : clean);
  };
  const options = {
    level,
    base: { pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  const logger = pino(options, { write: take });
  return {
    info: (message, about = {}) => logger.info(about, message),
    warn: (message, about = {}) => logger.warn(about, message),
    error: (message, thrown) => logger.error(whatHappened(thrown), message),
    answered({ path, error, ms, route, ...request }) {
      const line = {
        ...request,
        path: path.slice(0, MAX_PATH),
        ms: Math.round(ms),
        ...(route !== undefined && { route }),
      };
      if (request.status >= 500) logger.error({ ...line, ...(error !== undefined && whatHappened(error)) });
      else if (ROUTINE.includes(route)) logger.debug(line);
      else logger.info({ ...line, ...(error !== undefined && whatWasRefused(error)) });
    },
    close: () => logFile?.close(),
  };
}

/** What somebody has asked wrongly was told to him, and may quote what he sent: so it is no text for a log. */
function whatWasRefused(thrown: unknown): LogFields {
  const { code, details } = fromUnknown(thrown);
  return { code, ...(details.field !== undefined && { field: details.field }) };
}

/** With all causes, and where they come from; without the data and the output that an error may carry. */
function whatHappened(thrown: unknown): LogFields {
  const { code, message, cause, stack = '' } = fromUnknown(thrown);
  const causes: string[] = [];
  for (
    let next = cause;
    next !== undefined && causes.length < 10;
    next = next instanceof Error ? next.cause : undefined
  ) {
    causes.push(next instanceof Error ? (next.stack ?? next.message) : String(next));
  }
  const { remedy } = thrown instanceof OptioError ? thrown : {};
  const all = [stack, ...causes.map((each) => `caused by ${each}`)].join('\n');
  return { code, message, ...(remedy !== undefined && { remedy }), stack: all };
}

function writeToStderr(text: string): void {
  process.stderr.write(text);
}
