import { readFileSync } from 'node:fs';
import { dirname, isAbsolute, resolve } from 'node:path';
import { parse as parseToml } from 'smol-toml';
import type { WorkspaceSpec } from '../../contract/run-spec.ts';
import { type TaskDefinition, taskDefinitionSchema } from '../../contract/task-definition.ts';
import { fromUnknown, OptioError } from '../../errors.ts';

/** A task as somebody has written it down. */
export interface WrittenTask {
  /** As it stands there. */
  readonly written: TaskDefinition;
  /** With the directory of its workspace in full: relative ones are meant from the file. */
  readonly placed: TaskDefinition;
}

/**
 * A task as a file defines it, in JSON or TOML. Throws `invalid-input` for a file that cannot be read, and `invalid-config` for
 * one that holds no task.
 */
export function readTaskFile(path: string): WrittenTask {
  let source: string;
  try {
    source = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new OptioError('invalid-input', `${path} cannot be read: ${fromUnknown(cause).message}`, {
      cause,
      remedy: 'Name a file in JSON or TOML, or "-" for standard input.',
    });
  }
  return toTask(source, { name: path, directory: dirname(resolve(path)) });
}

/** The same for a text; `name` says in messages where it comes from. */
export function toTask(source: string, { name, directory }: { name: string; directory: string }): WrittenTask {
  const { success, data, error } = taskDefinitionSchema.safeParse(parse(source, name));
  const issue = error?.issues[0];
  if (success) return { written: data, placed: withPlace(data, directory) };
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  const field = [...(issue?.path ?? []), ...(unknown === undefined ? [] : [unknown])].join('.');
  const why = unknown === undefined ? issue?.message : 'there is no such field';
  const needs = 'A task needs at least an id, and a config with instructions and a workspace.';
  throw new OptioError('invalid-config', `${name}: ${field ? `${field}: ` : ''}${why}`, {
    ...(field && { field }),
    remedy: unknown === undefined ? needs : 'See how it is spelled: docs/guide-library.md lists the fields of a task.',
  });
}

/** JSON begins with a brace, and no TOML does. */
function parse(source: string, name: string): unknown {
  const isJson = source.trimStart().startsWith('{');
  try {
    return isJson ? JSON.parse(source) : parseToml(source);
  } catch (cause) {
    throw new OptioError(
      'invalid-config',
      `${name} is not valid ${isJson ? 'JSON' : 'TOML'}: ${fromUnknown(cause).message}`,
      {
        cause,
        remedy: 'Correct it there.',
      },
    );
  }
}

/** Whoever works on the task works elsewhere. */
function withPlace(task: TaskDefinition, directory: string): TaskDefinition {
  return { ...task, config: { ...task.config, workspace: placed(task.config.workspace, directory) } };
}

function placed(workspace: WorkspaceSpec, directory: string): WorkspaceSpec {
  const absolute = (path: string) => (isAbsolute(path) || path.startsWith('~') ? path : resolve(directory, path));
  if ('directory' in workspace) return { ...workspace, directory: absolute(workspace.directory) };
  return 'worktree' in workspace ? { worktree: absolute(workspace.worktree) } : workspace;
}
