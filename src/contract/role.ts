import { z } from 'zod';

/**
 * What somebody may do: a `viewer` sees everything and changes nothing; an `operator` launches, answers and stops; an
 * `admin` also decides who may come in, and what is not confined.
 */
export const roleSchema = z.enum(['viewer', 'operator', 'admin']);
export type Role = z.infer<typeof roleSchema>;

/** Whether a role may do what needs another one. */
export function includesRole(role: Role, needed: Role): boolean {
  const order = roleSchema.options;
  return order.indexOf(role) >= order.indexOf(needed);
}
