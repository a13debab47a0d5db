import { z } from 'zod';
import { budgetSchema } from '../contract/budget.ts';
import { checkSchema } from '../contract/doctor.ts';
import { runEventSchema } from '../contract/event.ts';
import { fileChangeSchema, itemSchema } from '../contract/item.ts';
import { launchOptionsSchema, runOptionsSchema } from '../contract/launch-options.ts';
import { queuedMessageSchema, queueStateSchema } from '../contract/message-queue.ts';
import { modelInfoSchema } from '../contract/model-info.ts';
import { errorRecordSchema, runOutcomeSchema, runStateSchema } from '../contract/outcome.ts';
import { problemSchema } from '../contract/problem.ts';
import { answerSchema, requestSchema } from '../contract/request.ts';
import { taskRoutes } from '../contract/routes/tasks.ts';
import { approvalRuleSchema, requestPolicySchema } from '../contract/rule.ts';
import { runSpecSchema } from '../contract/run-spec.ts';
import { openRequestSchema, runDetailsSchema, runDigestSchema, runSummarySchema } from '../contract/run-summary.ts';
import { runUpdateSchema } from '../contract/run-update.ts';
import { scheduleRulesSchema, scheduleStatusSchema } from '../contract/schedule.ts';
import { newSeedSchema, seedSummarySchema, seedVerificationSchema } from '../contract/seed.ts';
import { newSeedLoginSchema, seedLoginSchema, seedLoginStateSchema } from '../contract/seed-login.ts';
import { newSeedConfigSchema, savedSeedConfigSchema, seedConfigSchema } from '../contract/seed-settings.ts';
import { serverInfoSchema, stopReportSchema, stopServerSchema } from '../contract/server-info.ts';
import { statsSchema } from '../contract/stats.ts';
import { taskDefinitionSchema, taskDetailsSchema, taskSummarySchema } from '../contract/task-definition.ts';
import { createdTokenSchema, newTokenSchema, roleSchema, tokenInfoSchema } from '../contract/token.ts';
import { tokenUsageSchema } from '../contract/usage.ts';
import { workspaceChangeSchema } from '../contract/workspace-change.ts';
import { workspaceEntrySchema, workspaceListingSchema } from '../contract/workspace-file.ts';
import { FIELD_NOTES } from './field-notes.ts';

/** As far as we have to do with it; a schema has more. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly format?: string;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minProperties?: number;
  readonly oneOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
}

/** What has a name of its own in the document, and is referred to by it wherever it occurs. */
export const NAMED_SCHEMAS: Readonly<Record<string, z.ZodType>> = {
  Answer: answerSchema,
  ApprovalRule: approvalRuleSchema,
  Block: taskRoutes.addBlock.result,
  Budget: budgetSchema,
  Check: checkSchema,
  CreatedToken: createdTokenSchema,
  ErrorRecord: errorRecordSchema,
  FileChange: fileChangeSchema,
  Item: itemSchema,
  LaunchOptions: launchOptionsSchema,
  ModelInfo: modelInfoSchema,
  NewSeed: newSeedSchema,
  NewSeedConfig: newSeedConfigSchema,
  NewSeedLogin: newSeedLoginSchema,
  NewToken: newTokenSchema,
  OpenRequest: openRequestSchema,
  Problem: problemSchema,
  QueuedMessage: queuedMessageSchema,
  QueueState: queueStateSchema,
  Request: requestSchema,
  RequestPolicy: requestPolicySchema,
  Role: roleSchema,
  RunDetails: runDetailsSchema,
  RunDigest: runDigestSchema,
  RunEvent: runEventSchema,
  RunOptions: runOptionsSchema,
  RunOutcome: runOutcomeSchema,
  RunSpec: runSpecSchema,
  RunState: runStateSchema,
  RunSummary: runSummarySchema,
  RunUpdate: runUpdateSchema,
  SavedSeedConfig: savedSeedConfigSchema,
  ScheduleRules: scheduleRulesSchema,
  ScheduleStatus: scheduleStatusSchema,
  SeedConfig: seedConfigSchema,
  SeedLogin: seedLoginSchema,
  SeedLoginState: seedLoginStateSchema,
  SeedSummary: seedSummarySchema,
  SeedVerification: seedVerificationSchema,
  ServerInfo: serverInfoSchema,
  Stats: statsSchema,
  StopReport: stopReportSchema,
  StopServer: stopServerSchema,
  TaskDefinition: taskDefinitionSchema,
  TaskDetails: taskDetailsSchema,
  TaskSummary: taskSummarySchema,
  TokenInfo: tokenInfoSchema,
  TokenUsage: tokenUsageSchema,
  WorkspaceChange: workspaceChangeSchema,
  WorkspaceEntry: workspaceEntrySchema,
  WorkspaceListing: workspaceListingSchema,
};

export interface JsonSchemas {
  /** The named ones, each in full. */
  readonly named: Readonly<Record<string, JsonSchema>>;
  /** How a schema stands in the document: in full, or as a reference. */
  readonly of: (schema: z.ZodType) => JsonSchema;
}

/**
 * Schemas of zod as JSON schemas. Ours change nothing of what they read, so that what goes in is described as what comes out;
 * a test holds them to that. What comes out may have more fields than are described, from a newer server.
 */
export function toJsonSchemas(schemas: Iterable<z.ZodType>): JsonSchemas {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(NAMED_SCHEMAS)) registry.add(schema, { id });
  for (const schema of schemas) if (!registry.has(schema)) registry.add(schema, { id: `@${crypto.randomUUID()}` });
  const made = z.toJSONSchema(registry, { io: 'input', uri: (id) => `#/components/schemas/${id}`, override: tidy });
  const bodyOf = (id: string): JsonSchema => {
    const { $schema: _schema, $id: _id, ...body } = made.schemas[id] as Record<string, unknown>;
    return body;
  };
  return {
    named: Object.fromEntries(Object.keys(NAMED_SCHEMAS).map((id) => [id, explain(bodyOf(id), FIELD_NOTES[id])])),
    of(schema) {
      const id = registry.get(schema)?.id ?? '';
      return id.startsWith('@') ? bodyOf(id) : { $ref: `#/components/schemas/${id}` };
    },
  };
}

function explain(schema: JsonSchema, notes: Readonly<Record<string, string>> = {}): JsonSchema {
  const fields = Object.entries(schema.properties ?? {}).map(([name, field]) => {
    const description = notes[name] ?? field.description;
    return [name, description === undefined ? field : { ...field, description }] as const;
  });
  return fields.length === 0 ? schema : { ...schema, properties: Object.fromEntries(fields) };
}

/** Leaves out what says nothing to people and too much to programs: the pattern of a time, the largest whole number. */
function tidy({ jsonSchema }: { readonly jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  if (jsonSchema.format === 'date-time' || jsonSchema.format === 'uri') delete jsonSchema.pattern;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
}
