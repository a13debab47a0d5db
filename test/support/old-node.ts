import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Where Debian puts its Node. */
export const OLD_NODE = '/usr/bin/node';
export const oldVersion: string = existsSync(OLD_NODE)
  ? execFileSync(OLD_NODE, ['--version'], { encoding: 'utf8' }).trim()
  : '';
const isOld = oldVersion !== '' && Number(oldVersion.slice(1).split('.')[0]) < 24;
/** Why nothing can be tried with a Node that is too old; undefined when it can. */
export const whyNoOldNode: string | undefined = isOld ? undefined : `${OLD_NODE} is no Node older than 24`;
