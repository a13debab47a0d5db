import { scheduleInWords } from '../tasks/schedule-words.ts';
import { type Draft, EMPTY_DRAFT, usualEnd } from './draft.ts';
import { readWords } from './pairs.ts';
import { takesSeed } from './spec-of-draft.ts';

/** What will hold for a run, in a sentence or two. */
export function sentenceOf(draft: Draft): string {
  const { model, effort, provider } = draft;
  const thinker = model.trim() === '' ? 'the default model' : model.trim();
  const by = provider === 'other' ? ` of ${draft.providerUrl.trim() || 'another provider'}` : '';
  const how = effort.trim() === '' ? '' : `, thinking “${effort.trim()}”`;
  return [
    `${beginOf(draft)} works ${placeOf(draft)} with ${thinker}${by}${how}${loginOf(draft)}.`,
    `${confinementOf(draft)} ${asksOf(draft)}`,
    `${endOf(draft)}${budgetOf(draft)}.`,
  ].join(' ');
}

function loginOf(draft: Draft): string {
  if (!takesSeed(draft)) return '';
  const { login, seed, pool } = draft;
  if (login === 'seed') return `, by the login ${seed.trim() || 'that you still have to name'}`;
  return `, by any login of the pool ${pool.trim() || 'that you still have to name'}`;
}

function beginOf({ begin, beginAt, cron }: Draft): string {
  if (begin === 'later') return `From ${beginAt.replace('T', ' ') || 'a time that you still have to give'} on Codex`;
  if (begin === 'now' || cron.trim() === '') return 'Codex';
  return `${scheduleInWords({ cron })} Codex`;
}

function placeOf({ workspace, directory }: Draft): string {
  if (workspace === 'fresh') return 'in a new directory';
  const where = directory.trim() || 'a directory that you still have to name';
  return workspace === 'directory' ? `in ${where}` : `in a git worktree of ${where}, on a branch of its own,`;
}

function confinementOf({ sandbox, isolation, network, hosts }: Draft): string {
  if (sandbox === 'danger-full-access')
    return 'Nothing confines its commands: they can do whatever the user of the server can.';
  const writes = sandbox === 'read-only' ? 'Its commands write nothing' : 'Its commands write to the workspace only';
  const reads = isolation === 'strict' ? ', see nothing but the system and that' : '';
  const listed = readWords(hosts);
  const net =
    network === 'all'
      ? 'reach the whole network'
      : network === 'hosts' && listed.length > 0
        ? `reach ${listed.join(', ')} and nothing else`
        : 'have no network';
  return `${writes}${reads} and ${net}.`;
}

function asksOf({ sandbox, approvals }: Draft): string {
  if (approvals === 'never')
    return sandbox === 'danger-full-access' ? 'It asks nobody.' : 'What needs more is declined.';
  if (approvals === 'untrusted') return 'It asks before each command that is not known to be harmless.';
  return sandbox === 'danger-full-access' ? 'It may ask you.' : 'It asks you where it needs more.';
}

function endOf({ end, endMinutes }: Draft): string {
  if (end === 'firstTurn') return 'The run ends with its first turn';
  if (end === 'after')
    return `The run ends when you say so, ${endMinutes.trim() || '?'} min after its begin at the latest`;
  return 'The run stays open for more messages until you finish it';
}

function budgetOf({ turns, tokens, minutes, onReached }: Draft): string {
  const limits = [
    turns.trim() && `${turns.trim()} ${turns.trim() === '1' ? 'turn' : 'turns'}`,
    tokens.trim() && `${tokens.trim()} tokens`,
    minutes.trim() && `${minutes.trim()} min`,
  ].filter(Boolean);
  if (limits.length === 0) return '';
  return `, and ${onReached === 'fail' ? 'fails' : 'pauses'} after ${limits.join(' or ')}`;
}

/** How many fields that are folded away differ from what they are without anybody’s choice. */
export function countChanged(draft: Draft, fields: readonly (keyof Draft)[]): number {
  const usual = { ...EMPTY_DRAFT, end: usualEnd(draft.begin) };
  return fields.filter((field) => draft[field] !== usual[field]).length;
}
