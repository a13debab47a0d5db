/** The other kinds of requests that a program may answer, with the wire method of each. */
export const CALL_METHODS = {
  toolCall: 'item/tool/call',
  authTokens: 'account/chatgptAuthTokens/refresh',
  attestation: 'attestation/generate',
  currentTime: 'currentTime/read',
} as const;

export type CallKind = keyof typeof CALL_METHODS;
export type CallMethod = (typeof CALL_METHODS)[CallKind];

export function isCallKind(kind: string): kind is CallKind {
  return Object.hasOwn(CALL_METHODS, kind);
}
