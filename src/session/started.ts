import type { CodexConversation } from '../codex/conversation.ts';
import type { LoginReport, RunEventBody } from '../contract/event.ts';
import type { SessionConfig } from './config.ts';
import { profileOf } from './connect.ts';
import type { Prepared } from './prepared.ts';

/** What the journal tells of a session that has started. */
export function startedEvent(
  conversation: CodexConversation,
  { login, workspace }: Prepared,
  config: SessionConfig,
  { loginReport, isResumed }: { readonly loginReport: LoginReport; readonly isResumed: boolean },
): RunEventBody {
  return {
    type: 'session.started',
    threadId: conversation.threadId ?? '',
    isResumed,
    ...(config.endRule === 'firstTurn' && { lastsOneTurn: true }),
    codexVersion: conversation.serverInfo?.version ?? 'unknown',
    model: conversation.currentModelId ?? 'unknown',
    ...(conversation.currentEffort !== null && { effort: conversation.currentEffort }),
    login: login.label,
    loginReport,
    workspace: { path: workspace.path, kind: workspace.kind },
    sandbox: {
      mode: config.sandbox,
      isolation: config.isolation,
      network: config.sandbox === 'danger-full-access' || config.networkAccess,
      profile: profileOf(config),
      approvalPolicy: config.approvalPolicy,
    },
  };
}
