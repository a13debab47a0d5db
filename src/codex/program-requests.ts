/** The other kinds of requests that a program may answer, with the wire method of each. */
export const PROGRAM_METHODS = {
  toolCall: 'item/tool/call',
  authTokens: 'account/chatgptAuthTokens/refresh',
  attestation: 'attestation/generate',
  currentTime: 'currentTime/read',
} as const;

export type ProgramKind = keyof typeof PROGRAM_METHODS;
export type ProgramMethod = (typeof PROGRAM_METHODS)[ProgramKind];

export function isProgramKind(kind: string): kind is ProgramKind {
  return Object.hasOwn(PROGRAM_METHODS, kind);
}
