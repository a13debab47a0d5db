/**
 * What somebody may do: a `viewer` sees everything and changes nothing; an `operator` launches, answers and stops; an
 * `admin` also decides who may come in, and what is not confined. Each includes those before it.
 */
export const ROLES = ['viewer', 'operator', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** Whether a role may do what needs another one. */
export function includesRole(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed);
}
