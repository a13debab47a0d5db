import { z } from 'zod';
import { waitSchema } from './run-spec.ts';
import { columnTextSchema } from './tags.ts';

const text = z.string().min(1);

const pathPattern = text.refine((path) => !path.split('/').includes('..'), { error: 'it must not hold ".."' });

const matchSchema = z.discriminatedUnion('kind', [
  /**
   * Commands that begin with these words, exactly: `[['ls'], ['git', 'status']]`. To be allowed, every simple command
   * of the line has to begin with the words of one of them, and the line may hold nothing but such commands. It is
   * denied where the words of one of them occur anywhere in it, as they are written; a line that hides them behind a
   * variable is not seen through.
   *
   * A program that is allowed does whatever the files around it tell it to, and the agent writes those: `make`,
   * `npm test`, and `git status` in a repository of its own making. So it is allowed in the workspace itself only, unless
   * `directories` names others, absolute or from the workspace on: `['packages/**']`. Arguments that follow the words may
   * make a program execute another one (`git fetch origin --upload-pack=…`): with `exactly` none may follow.
   */
  z.strictObject({
    kind: z.literal('command'),
    prefixes: z.array(z.array(text).min(1)).min(1),
    exactly: z.boolean().optional(),
    directories: z.array(pathPattern).min(1).optional(),
  }),
  /**
   * Changes of these files: a file, a directory with all below it, or a pattern with `*`, `**` and `?`. A relative one
   * begins at the workspace. To be allowed, every file of the change has to match, wherever links lead.
   */
  z.strictObject({
    kind: z.literal('fileChange'),
    paths: z.array(pathPattern).min(1),
  }),
  /** Tools of an MCP server; all of them unless some are named. */
  z.strictObject({ kind: z.literal('mcpTool'), server: text, tools: z.array(text).min(1).optional() }),
  /** Tools of Codex's own, whatever they are to do. Of commands only those are allowed that can be read for certain. */
  z.strictObject({
    kind: z.literal('tool'),
    tools: z.array(z.enum(['command', 'fileChange', 'permissions'])).min(1),
  }),
]);

export const approvalRuleSchema = z.strictObject({
  /** Stands in the record of each answer that it gives. */
  name: columnTextSchema.min(1).max(100),
  behavior: z.enum(['allow', 'deny']),
  matches: matchSchema,
  /**
   * `any`: it also allows what would run outside of the sandbox, or may (`yes`: only what is known to run inside). What
   * it denies, it denies in any case.
   */
  sandboxed: z.enum(['yes', 'any']).optional(),
});
/** Answers requests in the place of a person. Of several rules the first that matches decides. Plain data. */
export type ApprovalRule = z.infer<typeof approvalRuleSchema>;

export const requestPolicySchema = z.strictObject({
  /** How long a request may wait for its answer, in milliseconds; for ever unless given. */
  expireAfterMs: waitSchema.optional(),
  /** What happens then: it is declined, and the run goes on (`decline`), or the run fails. */
  onExpiry: z.enum(['decline', 'fail']).optional(),
  /** An address that is told of each request that no rule answers: which one, and not what it says. */
  webhook: z
    .strictObject({
      url: z.url({ protocol: /^https?$/ }),
      /** How long one attempt may take, in milliseconds (10,000). */
      deadlineMs: waitSchema.optional(),
    })
    .optional(),
  /** A command that is run on this machine for each of them, with the request as JSON on its stdin, for 10 seconds at most. */
  notify: z.array(text).min(1).optional(),
});
/** What becomes of a request that no rule answers, while nobody looks. Plain data. */
export type RequestPolicy = z.infer<typeof requestPolicySchema>;
