import { quickName } from '../../../src/contract/quick-name.ts';
import type { TaskDefinition } from '../../../src/contract/task-definition.ts';
import type { Draft } from './draft.ts';
import { optionsOf, specOf } from './spec-of-draft.ts';

/** The task whose runs a draft with a schedule asks for; under an id that none of those has which there are. */
export function taskOf(draft: Draft, taken: ReadonlySet<string>): TaskDefinition {
  const { name = quickName(draft.prompt), priority: _, notBefore: __, whenFull: ___, ...rules } = optionsOf(draft);
  return {
    ...rules,
    id: idOf(name, taken),
    name,
    config: specOf(draft),
    schedule: draft.cron.trim(),
  } as TaskDefinition;
}

function idOf(name: string, taken: ReadonlySet<string>): string {
  const words = name.toLowerCase().match(/[a-z0-9]+/g) ?? ['task'];
  const bare = words.join('-').slice(0, 60);
  let id = bare;
  for (let number = 2; taken.has(id); number++) id = `${bare}-${number}`;
  return id;
}
