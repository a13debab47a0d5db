import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'smol-toml';
import { expect, onTestFinished } from 'vitest';
import { findCodexBinary, OLDEST_VERSION, PINNED_VERSION } from '../../src/codex/binary.ts';
import { CodexConversation } from '../../src/codex/conversation.ts';
import type { CodexConversationOptions } from '../../src/codex/conversation-options.ts';
import { type CodexLaunchOptions, type CodexProcess, launchCodex } from '../../src/codex/launch.ts';
import { LocalHost } from '../../src/hosts/local.ts';
import { ScriptedModel, type ScriptedModelOptions } from '../../src/testing/model.ts';
import { testDirectory } from './directories.ts';
import { type EventWatch, watchEvents } from './events.ts';
import { countMarked } from './processes.ts';

export interface TestedBinary {
  readonly version: string;
  readonly path: string;
}

/** The newest binary, which managed runs are made for, and the oldest that a conversation works with. */
export const NEWEST: TestedBinary = { version: PINNED_VERSION, path: findCodexBinary().path };
export const OLDEST: TestedBinary = {
  version: OLDEST_VERSION,
  path: findCodexBinary(
    // The same package as the pinned one, elsewhere.
    join(import.meta.dirname, '../binaries', NEWEST.path.slice(NEWEST.path.lastIndexOf('/node_modules/'))),
  ).path,
};
export const BINARIES: readonly TestedBinary[] = [NEWEST, OLDEST];

export interface StartOptions {
  readonly binary?: TestedBinary;
  /** What the model does; prompts carry their own script unless given. */
  readonly script?: ScriptedModelOptions['script'];
  /** More of config.toml. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** More of the provider's table. */
  readonly provider?: Readonly<Record<string, unknown>>;
  /** More of the environment of codex. */
  readonly env?: Readonly<Record<string, string>>;
  readonly conversation?: Partial<CodexConversationOptions>;
  /** Files in its home before it starts, by name; nobody else may read them. */
  readonly files?: Readonly<Record<string, string>>;
  /** Where the provider answers, when it is not the scripted model. */
  readonly baseUrl?: string;
  /** How one talks with it (`streams`); a socket takes several conversations. */
  readonly over?: CodexLaunchOptions['over'];
  /** Leaves the process to the test: no conversation is attached. */
  readonly isRaw?: boolean;
  /** Another process on the home, the workspace and the model of this one. */
  readonly from?: StartedConversation;
}

export interface StartedConversation extends EventWatch {
  readonly conversation: CodexConversation;
  readonly codex: CodexProcess;
  readonly model: ScriptedModel;
  readonly home: string;
  readonly workspace: string;
  readonly session: string;
  /** Settles when the reader has. */
  readonly reader: Promise<void>;
}

let count = 0;

/** Starts the real codex, over its standard streams unless told otherwise, with the scripted model, not bootstrapped yet. Stops it in the end. */
export async function startCodex(options: StartOptions = {}): Promise<StartedConversation> {
  const { home, workspace, model } = options.from ?? (await makePlace(options));
  for (const [name, content] of Object.entries(options.files ?? {})) {
    writeFileSync(join(home, name), content, { mode: 0o600 });
  }
  const session = `test-${process.pid}-${count++}`;
  const codex = await launchCodex({
    host: new LocalHost({ home }),
    binary: (options.binary ?? NEWEST).path,
    codexHome: home,
    cwd: home,
    env: { PATH: process.env.PATH ?? '', HOME: home, ...options.env },
    session,
    over: options.over ?? 'streams',
  });
  onTestFinished(async () => {
    await codex.stop();
    if (!options.from) await model.close();
    expect(countMarked(codex.mark), 'processes that outlived the session').toBe(0);
  });
  const conversation = new CodexConversation({ cwd: workspace, ...options.conversation });
  const watch = watchEvents(conversation);
  if (!options.isRaw) conversation.attach(codex.link);
  const reader = options.isRaw ? Promise.resolve() : conversation.runReader();
  return { conversation, codex, model, home, workspace, session, reader, ...watch };
}

async function makePlace(options: StartOptions): Promise<Pick<StartedConversation, 'home' | 'workspace' | 'model'>> {
  const root = testDirectory('codex');
  const [home, workspace] = [join(root, 'home'), join(root, 'workspace')];
  for (const directory of [home, workspace]) mkdirSync(directory);
  const model = await ScriptedModel.start(options.script ? { script: options.script } : {});
  writeFileSync(join(home, 'config.toml'), configFor(options, model.url));
  return { home, workspace, model };
}

/** The same, bootstrapped. */
export async function startConversation(options: StartOptions = {}): Promise<StartedConversation> {
  const started = await startCodex(options);
  await started.conversation.bootstrap();
  return started;
}

export interface JoinedConversation extends EventWatch {
  readonly conversation: CodexConversation;
}

/** One more client of a codex that listens on a socket, about the same thread, which has to have had a turn. */
export async function joinConversation(
  { codex, conversation: first, workspace }: StartedConversation,
  options: Partial<CodexConversationOptions> = {},
): Promise<JoinedConversation> {
  const resumeThreadId = first.threadId ?? '';
  const conversation = new CodexConversation({ cwd: workspace, resumeThreadId, ...options });
  const watch = watchEvents(conversation);
  conversation.attach({ transport: await codex.connect() });
  void conversation.runReader();
  await conversation.bootstrap();
  return { conversation, ...watch };
}

function configFor(options: StartOptions, url: string): string {
  return stringify({
    model: 'scripted',
    model_provider: 'scripted',
    check_for_update_on_startup: false,
    analytics: { enabled: false },
    ...options.config,
    model_providers: {
      scripted: {
        name: 'scripted',
        base_url: options.baseUrl ?? url,
        wire_api: 'responses',
        request_max_retries: 1,
        stream_max_retries: 1,
        ...options.provider,
      },
    },
  });
}
