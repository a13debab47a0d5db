import { OptioError } from '../errors.ts';
import type { CodexClient } from './client.ts';
import { CLIENT_NAME, CLIENT_VERSION } from './client-info.ts';
import { listModels } from './models.ts';
import type { InitializeResponse } from './protocol/InitializeResponse.ts';
import type { AskForApproval } from './protocol/v2/AskForApproval.ts';
import type { GetAccountResponse } from './protocol/v2/GetAccountResponse.ts';
import type { LoginAccountParams } from './protocol/v2/LoginAccountParams.ts';
import type { Model } from './protocol/v2/Model.ts';
import type { SandboxMode } from './protocol/v2/SandboxMode.ts';
import type { ThreadResumeParams } from './protocol/v2/ThreadResumeParams.ts';
import type { ThreadResumeResponse } from './protocol/v2/ThreadResumeResponse.ts';
import type { ThreadStartResponse } from './protocol/v2/ThreadStartResponse.ts';
import { compareVersions, readVersion } from './version.ts';

/** The account and the models are for display; a slow answer about them must not hold up the session. */
const DISPLAY_DEADLINE_MS = 5_000;
/** From this version on Codex no longer knows the policy `on-failure`. */
const NO_ON_FAILURE = '0.143.0';

export type ApprovalPolicy = 'untrusted' | 'on-failure' | 'on-request' | 'never';
/** What is handed to Codex to log in with; it stays in the memory of its process. */
export type Login = Extract<LoginAccountParams, { type: 'apiKey' | 'chatgptAuthTokens' }>;

export interface HandshakeOptions {
  readonly cwd: string;
  readonly agentLabel: string;
  readonly experimentalApi: boolean;
  readonly rawEvents: boolean;
  readonly approvalPolicy: ApprovalPolicy;
  readonly login: Login | undefined;
  readonly model: string | undefined;
  readonly sandbox: SandboxMode | null;
  readonly expectProfile: string | undefined;
  readonly developerInstructions: string | undefined;
  readonly resumeThreadId: string | undefined;
}

export interface Handshake {
  readonly serverInfo: InitializeResponse;
  readonly version: string;
  readonly account: GetAccountResponse | null;
  readonly models: readonly Model[];
  readonly thread: ThreadStartResponse | ThreadResumeResponse;
}

/** Introduces us; the only order of calls that Codex allows begins here. Gives what it says of itself. */
export async function introduce(
  client: CodexClient,
  options: Pick<HandshakeOptions, 'agentLabel' | 'experimentalApi'>,
): Promise<InitializeResponse> {
  const serverInfo = await client.call('initialize', {
    clientInfo: { name: CLIENT_NAME, title: options.agentLabel, version: CLIENT_VERSION },
    capabilities: { experimentalApi: options.experimentalApi, requestAttestation: false },
  });
  await client.initialized();
  return serverInfo;
}

type OpenThread = (
  client: CodexClient,
  options: HandshakeOptions,
) => Promise<ThreadStartResponse | ThreadResumeResponse>;

/** From the first word to a thread that takes turns. Rejects with Codex's words when it refuses the thread. */
export async function shakeHands(
  client: CodexClient,
  options: HandshakeOptions,
  open: OpenThread = openThread,
): Promise<Handshake> {
  const serverInfo = await introduce(client, options);
  const version = readVersion(serverInfo.userAgent);
  checkPolicy(options.approvalPolicy, version);
  if (options.login) await client.call('account/login/start', options.login);
  // Sent in this order and answered in any: none of the three needs another's answer.
  const account = client
    .call('account/read', { refreshToken: false }, { deadlineMs: DISPLAY_DEADLINE_MS })
    .catch(() => null);
  const models = listModels(client, DISPLAY_DEADLINE_MS);
  const thread = await open(client, options);
  checkProfile(options.expectProfile, thread.activePermissionProfile?.id);
  return { serverInfo, version, account: await account, models: await models, thread };
}

/** What a thread is taken up with that we have had before: no cwd and no model, or those chosen since would be lost. */
export function resumeParams(threadId: string, options: HandshakeOptions): ThreadResumeParams {
  return {
    threadId,
    approvalPolicy: options.approvalPolicy as AskForApproval,
    ...(options.sandbox && { sandbox: options.sandbox }),
    ...(options.expectProfile && { permissions: options.expectProfile }),
    ...(options.developerInstructions && { developerInstructions: options.developerInstructions }),
  };
}

const BEFORE = 'Nothing was run. Check that no other configuration of Codex overrides the permission profile.';
const MEANWHILE = 'Look at what was done since: commands may have run without the sandbox.';

/**
 * Throws `sandbox-changed` unless the profile in force is the one that was expected. `isRunning`: commands may have run
 * already.
 */
export function checkProfile(expected: string | undefined, active: string | undefined, isRunning = false): void {
  if (expected === undefined || active === expected) return;
  throw new OptioError('sandbox-changed', `the permission profile is "${active ?? 'none'}" and not "${expected}"`, {
    remedy: isRunning ? MEANWHILE : BEFORE,
  });
}

function openThread(
  client: CodexClient,
  options: HandshakeOptions,
): Promise<ThreadStartResponse | ThreadResumeResponse> {
  if (options.resumeThreadId) {
    const params = resumeParams(options.resumeThreadId, options);
    return client.call('thread/resume', { ...params, ...(options.model && { model: options.model }) });
  }
  return startThread(client, options);
}

/** Begins a thread. */
export function startThread(client: CodexClient, options: HandshakeOptions): Promise<ThreadStartResponse> {
  return client.call('thread/start', {
    cwd: options.cwd,
    approvalPolicy: options.approvalPolicy as AskForApproval,
    ...(options.model && { model: options.model }),
    ...(options.sandbox && { sandbox: options.sandbox }),
    ...(options.developerInstructions && { developerInstructions: options.developerInstructions }),
    ...(options.rawEvents && { experimentalRawEvents: true }),
  });
}

function checkPolicy(policy: ApprovalPolicy, version: string): void {
  if (policy !== 'on-failure' || compareVersions(version, NO_ON_FAILURE) < 0) return;
  throw new OptioError('invalid-config', `Codex ${version} does not know the approval policy "on-failure" any more`, {
    field: 'approvalPolicy',
    remedy: 'Use "on-request": Codex then asks before it runs a command without the sandbox.',
  });
}
