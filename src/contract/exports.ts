// What both `optio-codex` and `optio-codex/client` export: what the API takes, tells and throws.

export {
  ChildFailed,
  ConversationClosed,
  type ErrorCode,
  type ErrorDetails,
  HostCommandError,
  type LaunchRefusal,
  LaunchRefused,
  OptioError,
  SeedUnavailableError,
} from '../errors.ts';
export type { CloseOptions, DemoOptions, LaunchOptions, OptioApi, RunOptions } from './api.ts';
export type { Budget } from './budget.ts';
export type { CreateOptions } from './create-options.ts';
export type { Check } from './doctor.ts';
export type { Pause, RunEvent, RunEventBody, RunEventOf, RunEventType } from './event.ts';
export type { BlockFilter, BlockOptions, GroupCancel, GroupFilter, LaunchBlock } from './group.ts';
export type { FileChange, Item } from './item.ts';
export type {
  EditQueuedOptions,
  MessageQueue,
  QueuedMessage,
  QueueMessageOptions,
  QueuePause,
  QueueState,
} from './message-queue.ts';
export type { ModelInfo } from './model-info.ts';
export type { ErrorRecord, RunOutcome, RunState, WorkspaceReport } from './outcome.ts';
export { applyEvent } from './reducer.ts';
export type { Answer, Request, Sandboxed } from './request.ts';
export type { Role } from './role.ts';
export type { ApprovalRule, RequestPolicy } from './rule.ts';
export type {
  AnswerOrigin,
  ExportFormat,
  RunHandle,
  RunTurn,
  RunTurnResult,
  SendMessageOptions,
} from './run-handle.ts';
export type { RunFilter, RunPage, RunQuery, RunSort } from './run-query.ts';
export type {
  AllowedDir,
  ConversationMode,
  EndRule,
  ModelSpec,
  ProviderSpec,
  RunSpec,
  SandboxMode,
  WorkspaceSpec,
} from './run-spec.ts';
export type { OpenRequest, RunDetails, RunDigest, RunSummary } from './run-summary.ts';
export { applyRunUpdate, EMPTY_RUN_LIST, type RunList, type RunUpdate } from './run-update.ts';
export type { Schedule, ScheduleRules, ScheduleStatus } from './schedule.ts';
export type { FoundKind, FoundPage, FoundRun, FoundText, SearchQuery } from './search.ts';
export type {
  NewSeed,
  RemoveSeedOptions,
  SeedAccount,
  SeedKind,
  SeedLease,
  SeedMode,
  SeedState,
  SeedSummary,
  SeedVerification,
  UndoSeed,
  UsageWindow,
  VerifySeed,
} from './seed.ts';
export type { NewSeedConfig, SavedSeedConfig, SeedConfig } from './seed-settings.ts';
export type { Stats } from './stats.ts';
export type { TaskDefinition, TaskDetails, TaskSummary } from './task-definition.ts';
export type { CreatedToken, NewToken, TokenInfo } from './token.ts';
export type { TokenUsage } from './usage.ts';
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
} from './view.ts';
export type { WithoutLines, WorkspaceChange, WorkspaceChanges, WorkspaceDiff } from './workspace-change.ts';
export type { OpenedFile, WorkspaceEntry, WorkspaceListing } from './workspace-file.ts';
