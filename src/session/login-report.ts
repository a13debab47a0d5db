import type { LoginReport } from '../contract/event.ts';
import type { SessionConfig } from './config.ts';
import type { SessionLogin } from './login.ts';

/** What the journal tells of how a login is kept from commands. */
export function reportLogin({ seed, file, give, renew }: SessionLogin, config: SessionConfig): LoginReport {
  const kept = file ? 'file' : renew ? 'tokens' : give ? 'memory' : 'nowhere';
  return { seed: seed?.id ?? null, kept, gaps: kept === 'nowhere' ? [] : gapsOf(config) };
}

function gapsOf({ sandbox, useConfig = [] }: SessionConfig): string[] {
  const hasServers = useConfig.some((part) => part.startsWith('mcp:'));
  return [
    ...(sandbox === 'danger-full-access' ? ['commands have full access'] : []),
    ...(hasServers ? ['MCP servers of yours run outside of the sandbox'] : []),
  ];
}
