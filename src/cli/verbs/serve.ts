import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Served } from '../../compose/serve.ts';
import { SETTINGS } from '../../config/settings.ts';
import type { StopReport } from '../../contract/server-info.ts';
import { fromUnknown, type OptioError } from '../../errors.ts';
import { serveInBackgroundLazily, serveLazily } from '../backend.ts';
import { COMMAND } from '../command.ts';
import { recordOf, tellError } from '../error-view.ts';
import type { Outlet } from '../outlet.ts';
import type { Invocation } from '../program.ts';
import { CtrlC } from '../terminal/ctrl-c.ts';
import { styleFor } from '../terminal/style.ts';
import { jsonLine, shortPath } from '../terminal/text.ts';
import { describeStop } from '../views/stop-view.ts';

interface ServeFlags {
  readonly host?: string;
  readonly port?: number;
  readonly socket?: string;
  readonly basePath?: string;
  readonly allowHost?: string[];
  readonly trustProxy?: boolean;
  readonly logLevel?: string;
  readonly background?: boolean;
  readonly json?: boolean;
}

/** `serve`: engine and API in this process, until somebody stops it. */
export function addServe(program: Command, invocation: Invocation): void {
  program
    .command('serve')
    .description('Answer the API, and run what is launched, until it is stopped')
    .option('--port <number>', 'the port to listen on; 0 takes any free one', readPort)
    .option('--host <address>', 'the loopback address to listen on (127.0.0.1)')
    .option('--socket <path>', 'a unix socket to listen on in the place of a port')
    .option('--base-path <path>', 'where everything lies behind a reverse proxy, such as /codex')
    .option('--allow-host <name>', 'another name by which it may be called (repeatable)', collect)
    .option('--trust-proxy', 'believe X-Forwarded-For, -Proto and -Host: only behind a proxy that sets them')
    .addOption(new Option('--log-level <level>', 'what is logged').choices(SETTINGS['log.level'].schema.options))
    .option('--json', 'print the address as JSON')
    .addOption(new Option('--background').hideHelp())
    .addHelpText('after', HELP)
    .action(async (flags: ServeFlags) => {
      const begin = () => (flags.background ? serveInBackground(invocation) : serveHere(flags, invocation));
      invocation.exitCode = await begin();
    });
}

async function serveHere(flags: ServeFlags, { output, complaints }: Invocation): Promise<number> {
  const served = await serveLazily({ settings: toSettings(flags) });
  if (flags.json) output.write(jsonLine({ address: served.address, pid: process.pid, dataDir: served.dataDir }));
  else introduce(served, output);
  const report = await untilStopped(served, (error) =>
    tellError(recordOf(error), complaints, { isJson: flags.json === true }),
  );
  if (!flags.json) for (const line of describeStop(report)) complaints.write(`${line}\n`);
  return 0;
}

/** For a command that needs a server, which is told by now how that went. */
async function serveInBackground({ complaints }: Invocation): Promise<number> {
  const served = await serveInBackgroundLazily();
  if (!served) return 1;
  await untilStopped(served, (error) => tellError(recordOf(error), complaints));
  return 0;
}

/** Until it has ended, because somebody has told it to, or a signal has. Gives what it has left. */
async function untilStopped(served: Served, complain: (error: OptioError) => void): Promise<StopReport> {
  const stop = () => void served.stop().catch((thrown) => complain(fromUnknown(thrown))); // the next signal tries again
  const ctrlC = new CtrlC({ onFirst: stop, onSecond: stop });
  try {
    return await served.stopped;
  } finally {
    ctrlC.release();
  }
}

function introduce({ address, page, dataDir, tokenFile, isSocket }: Served, output: Outlet): void {
  const { strong, quiet } = styleFor({ isTTY: output.isTerminal });
  const over = isSocket ? `--unix-socket ${address} http://localhost` : address;
  output.write(`${strong(address)}\n`);
  if (page !== null)
    output.write(`  page       ${page}\n             (lets one browser in, once; ${COMMAND} page makes another)\n`);
  if (!isSocket) output.write(`  reference  ${address}/api/docs\n`);
  output.write(`  data       ${shortPath(dataDir)}\n`);
  output.write(`  try        curl -H "Authorization: Bearer $(cat ${shortPath(tokenFile)})" ${over}/api/runs\n`);
  output.write(quiet('Ctrl-C stops the server. What is under way goes on, and the next server takes it up.\n'));
}

function toSettings({ port, host, socket, basePath, allowHost, trustProxy, logLevel }: ServeFlags) {
  return {
    ...(port !== undefined && { 'server.port': port }),
    ...(host !== undefined && { 'server.host': host }),
    ...(socket !== undefined && { 'server.socket': socket }),
    ...(basePath !== undefined && { 'server.basePath': basePath }),
    ...(allowHost && { 'server.allowedHosts': allowHost }),
    ...(trustProxy && { 'server.trustProxy': true }),
    ...(logLevel && { 'log.level': logLevel as 'info' }),
  };
}

function readPort(value: string): number {
  const port = Number(value);
  if (/^\d+$/.test(value) && port <= 65_535) return port;
  throw new InvalidArgumentError(`"${value}" is not a valid port.`);
}

function collect(value: string, earlier: string[] = []): string[] {
  return [...earlier, value];
}

const HELP = `
Examples:
  ${COMMAND} serve                      on http://127.0.0.1:7420, or any free port when that is taken
  ${COMMAND} serve --socket /run/codex.sock
  ${COMMAND} serve --base-path /codex --allow-host example.org --trust-proxy     behind a reverse proxy

It takes over from a server that a command has started in the background.`;
