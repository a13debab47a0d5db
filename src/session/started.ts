import type { CodexConversation } from '../codex/conversation.ts';
import type { RunEventBody } from '../contract/event.ts';
import type { SessionConfig } from './config.ts';
import { profileOf } from './connect.ts';
import { reportLogin } from './login-report.ts';
import type { Prepared } from './prepared.ts';

/** What the journal tells of a session that has started. */
export function startedEvent(
  conversation: CodexConversation,
  { login, workspace }: Prepared,
  config: SessionConfig,
  isResumed: boolean,
): RunEventBody {
  return {
    type: 'session.started',
    threadId: conversation.threadId ?? '',
    isResumed,
    codexVersion: conversation.serverInfo?.version ?? 'unknown',
    model: conversation.currentModelId ?? 'unknown',
    ...(conversation.currentEffort !== null && { effort: conversation.currentEffort }),
    login: login.label,
    loginReport: reportLogin(login, config),
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
