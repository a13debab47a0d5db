import { commandName } from '../version.ts';

/** What one calls us by. */
export const COMMAND = commandName(process.env);
