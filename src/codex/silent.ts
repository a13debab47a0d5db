import type { ServerNotificationMethod } from './client.ts';

/** Notifications of Codex that are told by other events already, or of no use to anybody who reads a run. */
export const SILENT: ReadonlySet<string> = new Set<ServerNotificationMethod>([
  'thread/started',
  'thread/status/changed',
  'thread/readState/changed',
  'thread/goal/cleared',
  'serverRequest/resolved',
  'remoteControl/status/changed',
  'item/commandExecution/terminalInteraction',
  'item/fileChange/outputDelta',
  'item/fileChange/patchUpdated',
  'rawResponse/completed',
]);
