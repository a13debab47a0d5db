// What `optio-codex` exports.
export type { CodexHandle, CodexLink, ProcessEnd } from './codex/attachment.ts';
export { type CodexBinary, findCodexBinary } from './codex/binary.ts';
export { CodexConversation, type MessageInfo, type SendOptions } from './codex/conversation.ts';
export type { CodexConversationOptions } from './codex/conversation-options.ts';
export type { ClosedEvent, CodexEvent, CodexMessage, OwnEvent } from './codex/events.ts';
export type { ApprovalPolicy, Login } from './codex/handshake.ts';
export type { MessageInput } from './codex/input.ts';
export { type CodexLaunchOptions, type CodexProcess, launchCodex } from './codex/launch.ts';
export type { PermissionDecision, PermissionHandler, PermissionRequest } from './codex/permission.ts';
export type { Turn, TurnResult } from './codex/turn.ts';
export type { CloseOptions, DemoOptions, LaunchOptions, OptioApi, RunOptions } from './contract/api.ts';
export type { Budget } from './contract/budget.ts';
export type { CreateOptions } from './contract/create-options.ts';
export type { Check } from './contract/doctor.ts';
export type { Pause, RunEvent, RunEventBody, RunEventOf, RunEventType } from './contract/event.ts';
export type { BlockFilter, BlockOptions, GroupCancel, GroupFilter, LaunchBlock } from './contract/group.ts';
export type { FileChange, Item } from './contract/item.ts';
export type { ModelInfo } from './contract/model-info.ts';
export type { ErrorRecord, RunOutcome, RunState, WorkspaceReport } from './contract/outcome.ts';
export { applyEvent } from './contract/reducer.ts';
export type { Answer, Request, Sandboxed } from './contract/request.ts';
export type { Role } from './contract/role.ts';
export type { ApprovalRule, RequestPolicy } from './contract/rule.ts';
export type { ExportFormat, RunHandle, RunTurn, RunTurnResult, SendMessageOptions } from './contract/run-handle.ts';
export type { RunFilter, RunPage, RunQuery, RunSort } from './contract/run-query.ts';
export type {
  AllowedDir,
  ConversationMode,
  EndRule,
  ModelSpec,
  ProviderSpec,
  RunSpec,
  SandboxMode,
  WorkspaceSpec,
} from './contract/run-spec.ts';
export type { OpenRequest, RunDetails, RunDigest, RunSummary } from './contract/run-summary.ts';
export { applyRunUpdate, EMPTY_RUN_LIST, type RunList, type RunUpdate } from './contract/run-update.ts';
export type { Schedule, ScheduleRules, ScheduleStatus } from './contract/schedule.ts';
export type { TaskDefinition, TaskDetails, TaskSummary } from './contract/task-definition.ts';
export type { CreatedToken, NewToken, TokenInfo } from './contract/token.ts';
export type { TokenUsage } from './contract/usage.ts';
export {
  type ControlsView,
  createRunView,
  type ItemView,
  type MessageView,
  openRequests,
  type RequestView,
  type RunView,
  type SessionView,
  type TurnView,
} from './contract/view.ts';
export type { WorkspaceEntry, WorkspaceListing } from './contract/workspace-file.ts';
export type { Limits } from './engine/limits.ts';
export {
  ChildFailed,
  ConversationClosed,
  type ErrorCode,
  type ErrorDetails,
  HostCommandError,
  type LaunchRefusal,
  LaunchRefused,
  OptioError,
} from './errors.ts';
export type { CommandOptions, Host, HostProcess, RunResult } from './hosts/host.ts';
export { LocalHost } from './hosts/local.ts';
export { Optio, type OptioOptions } from './optio.ts';
export type { CodexTaskConfig } from './session/config.ts';
export { runCodexSession } from './session/session.ts';
export { type CodexTaskOptions, createCodexTask } from './session/task.ts';
export type { ChildOptions, ChildSpec, GroupOptions } from './task/child.ts';
export type { RunContext, SessionControls } from './task/context.ts';
export { MemoryRun, type MemoryRunOptions } from './task/memory.ts';
export type { TaskResult } from './task/result.ts';
export type { OpenedRequest, RetryPolicy, Task } from './task/task.ts';
