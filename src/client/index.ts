// What `optio-codex/client` exports: the API of a server, for Node and for browsers.
export type { CloseOptions, DemoOptions, LaunchOptions, OptioApi, RunOptions } from '../contract/api.ts';
export type { Budget } from '../contract/budget.ts';
export type { CreateOptions } from '../contract/create-options.ts';
export type { Check } from '../contract/doctor.ts';
export type { Pause, RunEvent, RunEventBody, RunEventOf, RunEventType } from '../contract/event.ts';
export type { BlockFilter, BlockOptions, GroupCancel, GroupFilter, LaunchBlock } from '../contract/group.ts';
export type { FileChange, Item } from '../contract/item.ts';
export type { ModelInfo } from '../contract/model-info.ts';
export type { ErrorRecord, RunOutcome, RunState, WorkspaceReport } from '../contract/outcome.ts';
export { applyEvent } from '../contract/reducer.ts';
export type { Answer, Request, Sandboxed } from '../contract/request.ts';
export type { Role } from '../contract/role.ts';
export type { ApprovalRule, RequestPolicy } from '../contract/rule.ts';
export type { RunHandle, RunTurn, RunTurnResult } from '../contract/run-handle.ts';
export type { RunFilter, RunPage, RunQuery, RunSort } from '../contract/run-query.ts';
export type {
  AllowedDir,
  ConversationMode,
  EndRule,
  ModelSpec,
  ProviderSpec,
  RunSpec,
  SandboxMode,
  WorkspaceSpec,
} from '../contract/run-spec.ts';
export type { OpenRequest, RunDetails, RunDigest, RunSummary } from '../contract/run-summary.ts';
export { applyRunUpdate, EMPTY_RUN_LIST, type RunList, type RunUpdate } from '../contract/run-update.ts';
export type { Schedule, ScheduleRules, ScheduleStatus } from '../contract/schedule.ts';
export type { ServerInfo, StopReport, StopServer } from '../contract/server-info.ts';
export type { Stats } from '../contract/stats.ts';
export type { TaskDefinition, TaskDetails, TaskSummary } from '../contract/task-definition.ts';
export type { CreatedToken, NewToken, TokenInfo } from '../contract/token.ts';
export type { TokenUsage } from '../contract/usage.ts';
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
} from '../contract/view.ts';
export type { WorkspaceEntry, WorkspaceListing } from '../contract/workspace-file.ts';
export {
  ChildFailed,
  ConversationClosed,
  type ErrorCode,
  type ErrorDetails,
  HostCommandError,
  type LaunchRefusal,
  LaunchRefused,
  OptioError,
} from '../errors.ts';
export type { Fetch, ServerAddress } from './address.ts';
export { connectTo, OptioClient } from './client.ts';
export type { ConnectOptions } from './connection.ts';
export type { Retry } from './patience.ts';
