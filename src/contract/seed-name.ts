import { z } from 'zod';

/** The names of seeds and of pools: they stand in lists and on command lines, and are never paths. */
const NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/;
export const seedNameSchema = z
  .string()
  .regex(
    NAME,
    'a name is 1 to 64 lower-case letters, digits, dots, dashes and underscores, and begins with a letter or a digit',
  );
