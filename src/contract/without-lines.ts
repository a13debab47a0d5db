import type { WithoutLines } from './workspace-change.ts';

/** Why a file that differs has no lines to show, for people. */
export const WHY_WITHOUT_LINES: Readonly<Record<WithoutLines, string>> = {
  binary: 'binary',
  'too-large': 'too large to compare',
  'not-kept': 'only its name is known',
  'no-file': 'a link, or no file',
  'too-many': 'not compared: too much has changed',
  'no-git': 'not compared: git is missing',
  failed: 'not compared: that failed',
};
