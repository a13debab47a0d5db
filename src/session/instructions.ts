import { dirname, join, relative } from 'node:path';
import type { Host } from '../hosts/host.ts';
import { isWithin } from '../hosts/paths.ts';
import type { SessionConfig } from './config.ts';

const GUIDE = 'AGENTS.md';
/** How much of all guides together is handed over, in bytes; Codex itself stops at half of it. */
const MAX_GUIDE_BYTES = 64 * 1024;

/** What a model is told about being a coding agent when the provider's catalogue, and not Codex, describes it. */
export const MODEL_INSTRUCTIONS = `You are a coding agent. You work in a directory of the user's with the tools you are given, until the task is done.

- Look before you change: read the files that matter and follow the conventions that you find there.
- Change files with the apply_patch tool, and run commands with the shell tool. Prefer small, focused changes.
- Fix causes, not symptoms, and leave alone what the task does not ask for.
- After a change, run what the project offers to check it (tests, type checks), and say what you ran.
- Commands are confined by a sandbox. When something outside of it is needed, ask for it with a short justification; when it is refused, find another way or say what is missing.
- Never invent results. When you are done, say in a few sentences what you changed and how it was checked.`;

export interface InstructionOptions {
  readonly host: Host;
  readonly config: SessionConfig;
  readonly workspace: string;
  readonly gitRoot: string | undefined;
}

export interface Instructions {
  /** What goes to the model ahead of everything else; the same for the life of the thread. */
  readonly text: string;
  /** The guides that were handed over; what was cut short or left out is told by `warnings`. */
  readonly guides: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * Composes what the model is told first: about the run, the task when it does not start by itself, and the
 * repository's AGENTS.md. Codex reads none itself, since the workspace is untrusted; a link there could lead to a login.
 */
export async function composeInstructions(options: InstructionOptions): Promise<Instructions> {
  const { config } = options;
  const { guides, warnings } = await readGuides(options);
  const parts = [
    config.permissionGate ? undefined : 'Nobody watches this run: nothing can be approved and no question is answered.',
    config.autoStart || config.instructions.trim() === '' ? undefined : config.instructions,
    ...guides.map(({ path, text }) => `# ${path}, from the repository\n\n${text}`),
  ];
  const text = parts.filter((part) => part !== undefined).join('\n\n');
  return { text, guides: guides.map((guide) => guide.path), warnings };
}

interface Guide {
  readonly path: string;
  readonly text: string;
}

/** From the root of the repository down to the workspace, as Codex does it for a repository that it trusts. */
async function readGuides(options: InstructionOptions): Promise<{ guides: Guide[]; warnings: string[] }> {
  const { host, workspace } = options;
  const root = options.gitRoot && isWithin(options.gitRoot, workspace) ? options.gitRoot : workspace;
  const guides: Guide[] = [];
  const warnings: string[] = [];
  let room = MAX_GUIDE_BYTES;
  for (const directory of directoriesBetween(root, workspace)) {
    const path = relative(root, join(directory, GUIDE));
    const content = await host.readInside(root, path, { maxBytes: room + 1 });
    if (content === undefined) {
      if (await host.exists(join(root, path))) warnings.push(`${path} is a link or no regular file and was left out`);
      continue;
    }
    if (content.length > room) warnings.push(`${path} was cut short: all guides together have more than 64 KiB`);
    const text = new TextDecoder().decode(content.subarray(0, room), { stream: true }).trim(); // no half of a character
    room -= Math.min(room, content.length);
    if (text !== '') guides.push({ path, text });
  }
  return { guides, warnings };
}

function directoriesBetween(root: string, leaf: string): string[] {
  const directories = [leaf];
  for (let directory = leaf; directory !== root; ) {
    directory = dirname(directory);
    directories.unshift(directory);
  }
  return directories;
}
