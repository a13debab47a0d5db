// What `optio-codex/testing` exports: the real Codex binary in your tests, without an account.
export { DEMO_FILES, DEMO_TASK, demoScript } from './demo.ts';
export { type ModelScript, ScriptedModel, type ScriptedModelOptions } from './model.ts';
export { readPromptScript } from './prompt.ts';
export type { ModelRequest } from './request.ts';
export {
  type AskedQuestion,
  addFile,
  ask,
  type CallStep,
  type CommandOptions,
  callTool,
  cut,
  endTurn,
  escalate,
  event,
  fail,
  hang,
  httpError,
  incomplete,
  line,
  type ModelUsage,
  patch,
  pause,
  plan,
  type SayOptions,
  type Step,
  say,
  shell,
  think,
  together,
  usage,
  viewImage,
} from './step.ts';
