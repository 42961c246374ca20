// The codes of the client protocol that this page acts on. Mirrors `Codes` of the `protocol` module.

/** Codes of an error reply. */
export const ErrorCode = {
  unauthorized: 101,
  permissionDenied: 103,
  tokenExpired: 109,
} as const;

/** Codes of a WebSocket close frame. From 3500 on the server wants no reconnect. */
export const DisconnectCode = {
  invalidToken: 3500,
} as const;

/** The SDK's own code for "the token expired and there is no way to get another". */
const SDK_UNAUTHORIZED = 1;

/** Whether the server refused this connection because of its token, so that only a new one helps. */
export function refusesToken(disconnectCode: number): boolean {
  return (
    disconnectCode === DisconnectCode.invalidToken ||
    disconnectCode === ErrorCode.unauthorized ||
    disconnectCode === ErrorCode.permissionDenied ||
    disconnectCode === ErrorCode.tokenExpired ||
    disconnectCode === SDK_UNAUTHORIZED
  );
}
