import type { Answer, Request, RequestKind } from '../contract/request.ts';
import { checkAnswer, refusalOf, requestSchema } from '../contract/request.ts';
import { fromUnknown, type OptioError } from '../errors.ts';
import type { IncomingRequest } from '../rpc/connection.ts';
import type { RequestId } from '../rpc/message.ts';
import { type RequestContext, toReply, toRequest } from './approvals.ts';
import type { ServerRequestMethod } from './client.ts';
import type { ServerRequests } from './protocol/methods.ts';
import { Room } from './room.ts';

/** The kinds that are questions to a person whether something may be done. */
export type ApprovalKind = 'command' | 'fileChange' | 'permissions' | 'mcpTool';
const APPROVALS: ReadonlySet<RequestKind> = new Set<ApprovalKind>(['command', 'fileChange', 'permissions', 'mcpTool']);

/** Answers one request. `signal` is aborted when it needs no answer any more, with an `OptioError` when all is over. */
export type RequestHandler = (request: Request, wire: IncomingRequest, signal: AbortSignal) => Promise<Answer>;
type AnyProgramHandler = (params: unknown) => unknown;
/** Answers a request of Codex's that is for a program, in the words of the protocol. */
export type ProgramHandler<M extends ServerRequestMethod> = (
  params: ServerRequests[M]['params'],
) => Promise<ServerRequests[M]['result']> | ServerRequests[M]['result'];

const NO_ROOM = 'too much waits for an answer already';

interface OpenRequest {
  readonly wire: IncomingRequest;
  readonly bytes: number;
  readonly request: Request;
  readonly withdrawn: AbortController;
  answer: Answer | undefined;
  isHandedOut: boolean;
}

export interface RequestDeskOptions {
  /** False: nobody is there to be asked, and every approval is denied at once. */
  readonly permissionGate: boolean;
  readonly context: () => RequestContext;
  /** Sends a reply. Rejects when it cannot. */
  readonly reply: (wire: IncomingRequest, result: unknown) => Promise<void>;
  readonly refuse: (wire: IncomingRequest, message: string) => Promise<void>;
  /** Told of each request whose answer wants the end of its turn, before that answer is sent. */
  readonly onInterrupt: (request: Request) => void;
  /** Told of each request that was refused for want of a handler, or of room. */
  readonly onUnanswered: (wire: IncomingRequest) => void;
}

/**
 * Where the requests of Codex wait for their answers: each is answered once. Approvals wait for a handler; other
 * requests that nobody handles are refused, and so is whatever comes when those that are open have taken all the room.
 * A request that Codex repeats after a reconnect is recognised.
 */
export class RequestDesk {
  readonly #options: RequestDeskOptions;
  readonly #open = new Map<RequestId, OpenRequest>();
  readonly #handlers = new Map<string, RequestHandler>();
  readonly #programHandlers = new Map<string, AnyProgramHandler>();
  /** Requests for a program whose handlers are at work. */
  readonly #working = new Map<RequestId, IncomingRequest>();
  /** For all that waits for an answer of somebody's. */
  readonly #room = new Room();

  constructor(options: RequestDeskOptions) {
    this.#options = options;
  }

  /** Sets the one handler of approvals, or of a kind; the result removes it while it is still the current one. */
  handle(kind: 'approval' | 'question' | 'elicitation', handler: RequestHandler): () => void {
    this.#handlers.set(kind, handler);
    for (const open of this.#open.values()) this.#handOut(open);
    return () => {
      if (this.#handlers.get(kind) === handler) this.#handlers.delete(kind);
    };
  }

  /** Sets the handler of a request that is for a program. */
  handleProgram<M extends ServerRequestMethod>(method: M, handler: ProgramHandler<M>): () => void {
    const untyped: AnyProgramHandler = (params) => handler(params as ServerRequests[M]['params']);
    this.#programHandlers.set(method, untyped);
    return () => {
      if (this.#programHandlers.get(method) === untyped) this.#programHandlers.delete(method);
    };
  }

  /** Takes a request from the wire, where it had so many bytes. */
  receive(wire: IncomingRequest, bytes: number): void {
    const repeated = this.#open.get(wire.id);
    if (repeated && isSame(repeated.wire, wire)) {
      if (repeated.answer) this.#reply(wire, toReply(repeated.request, repeated.answer));
      return;
    }
    // The answer to a request of an earlier process would be taken for an answer to this one.
    if (repeated) this.resolved(wire.id);
    const callHandler = this.#programHandlers.get(wire.method);
    if (callHandler) {
      const working = this.#working.get(wire.id);
      if (!working || !isSame(working, wire)) void this.#answerAsProgram(wire, callHandler, bytes);
      return;
    }
    const request = this.#read(wire);
    if (!request) this.#refuse(wire, nobodyAnswers(wire));
    else this.#take({ wire, bytes, request, withdrawn: new AbortController(), answer: undefined, isHandedOut: false });
  }

  /** Codex says that a request is settled, by us or by somebody else. */
  resolved(id: RequestId, reason?: OptioError): void {
    const open = this.#open.get(id);
    if (!open) return;
    this.#forget(open);
    if (!open.answer) open.withdrawn.abort(reason);
  }

  /** A turn is over; what it asked needs no answer. */
  turnEnded(turnId: string): void {
    for (const [id, open] of this.#open) {
      if (open.request.turnId === turnId) this.resolved(id);
    }
  }

  /** Everything is over, for this reason. */
  close(reason: OptioError): void {
    for (const id of [...this.#open.keys()]) this.resolved(id, reason);
  }

  #take(open: OpenRequest): void {
    const { request, wire } = open;
    const isApproval = APPROVALS.has(request.kind);
    if (isApproval && !this.#options.permissionGate) {
      this.#reply(wire, toReply(request, refusalOf(request, 'nobody is there to approve')));
      return;
    }
    if (!this.#room.take(open.bytes)) {
      this.#decline(open, NO_ROOM);
      return;
    }
    this.#open.set(wire.id, open);
    this.#handOut(open);
    if (open.isHandedOut || isApproval) return;
    this.#forget(open);
    this.#decline(open, nobodyAnswers(wire));
  }

  #forget({ wire, bytes }: OpenRequest): void {
    this.#open.delete(wire.id);
    this.#room.give(bytes);
  }

  /** Says no, in the words for it where there are some. */
  #decline({ wire, request }: OpenRequest, why: string): void {
    if (request.kind === 'question') {
      this.#refuse(wire, why);
      return;
    }
    this.#reply(wire, toReply(request, refusalOf(request, why)));
    this.#options.onUnanswered(wire);
  }

  #handOut(open: OpenRequest): void {
    const key = APPROVALS.has(open.request.kind) ? 'approval' : open.request.kind;
    const handler = this.#handlers.get(key);
    if (!handler || open.isHandedOut) return;
    open.isHandedOut = true;
    void this.#answer(open, handler);
  }

  async #answer(open: OpenRequest, handler: RequestHandler): Promise<void> {
    let answer: Answer;
    try {
      answer = await handler(open.request, open.wire, open.withdrawn.signal);
      checkAnswer(open.request, answer);
    } catch (error) {
      answer = refusalOf(open.request, `the handler failed: ${fromUnknown(error).message}`);
    }
    if (open.withdrawn.signal.aborted) return;
    open.answer = answer;
    if (answer.kind === 'decision' && answer.behavior === 'deny' && answer.interrupt) {
      this.#options.onInterrupt(open.request);
    }
    this.#reply(open.wire, toReply(open.request, answer));
  }

  async #answerAsProgram(wire: IncomingRequest, handler: AnyProgramHandler, bytes: number): Promise<void> {
    if (!this.#room.take(bytes)) {
      this.#refuse(wire, NO_ROOM);
      return;
    }
    this.#working.set(wire.id, wire);
    try {
      this.#reply(wire, await handler(wire.params));
    } catch (error) {
      this.#send(this.#options.refuse(wire, fromUnknown(error).message));
    } finally {
      this.#room.give(bytes);
      if (this.#working.get(wire.id) === wire) this.#working.delete(wire.id);
    }
  }

  /** An answer that cannot be written, such as a circular one, must not leave Codex waiting for ever. */
  #reply(wire: IncomingRequest, result: unknown): void {
    const sent = this.#options.reply(wire, result).catch((error: unknown) => {
      const { code, message } = fromUnknown(error);
      if (code === 'connection-closed') throw error;
      return this.#options.refuse(wire, `the answer cannot be sent: ${message}`);
    });
    this.#send(sent);
  }

  /** What is said into a connection that has just broken is not lost: Codex repeats the request on the next one. */
  #send(sent: Promise<void>): void {
    sent.catch(() => {});
  }

  /** A request that is not as the pinned Codex would send it can't be shown to anybody, so it is refused. */
  #read(wire: IncomingRequest): Request | undefined {
    try {
      const request = toRequest(wire, this.#options.context());
      return requestSchema.safeParse(request).success ? request : undefined;
    } catch {
      return undefined;
    }
  }

  #refuse(wire: IncomingRequest, why: string): void {
    this.#send(this.#options.refuse(wire, why));
    this.#options.onUnanswered(wire);
  }
}

function nobodyAnswers({ method }: IncomingRequest): string {
  return `nobody here answers "${method}"`;
}

/** Codex repeats a request with its id; a new process counts its ids from nothing again, about other items. */
function isSame(a: IncomingRequest, b: IncomingRequest): boolean {
  return a.method === b.method && itemIdOf(a) === itemIdOf(b);
}

function itemIdOf(wire: IncomingRequest): unknown {
  return (wire.params as { itemId?: unknown } | undefined)?.itemId;
}
