import type { Command } from 'commander';
import { OptioError } from '../../errors.ts';
import { COMMAND } from '../command.ts';
import type { Invocation } from '../program.ts';
import { type CommonFlags, JSON_FLAG, onApi } from '../verb.ts';

/** `page`: the way into the page, without a token to be copied. */
export function addPage(program: Command, invocation: Invocation): void {
  program
    .command('page')
    .description('Print a link to the page that lets one browser in, once, within an hour')
    .option(...JSON_FLAG)
    .action((flags: CommonFlags) =>
      onApi(invocation, flags, async (api, report) => {
        const link = await api.createLoginLink?.();
        const elsewhere = invocation.settings()['server.url'];
        const url = link && elsewhere ? `${elsewhere.replace(/\/$/, '')}/#login=${link.code}` : link?.url;
        if (!url) throw noAddress();
        report.say({ url }, () => [url]);
      }),
    );
}

function noAddress(): OptioError {
  return new OptioError('not-found', 'the page of this server has no address, but only a unix socket', {
    remedy: `Start a server that listens on a port: ${COMMAND} serve --port 7420.`,
  });
}
