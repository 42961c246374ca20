package io.grandstand.protocol;

/// Every code of the protocol, in this one file; `web/src/api` mirrors what a page needs of it.
///
/// What a client does with a code follows from its number: unsubscribe codes from 2500 on make it
/// subscribe again, disconnect codes 3500-3999 make it stay away, an error marked temporary makes
/// it try again. Reasons are plain words, never empty and never JSON: the JavaScript SDK looks at a
/// close code only then.
public final class Codes {
    private Codes() {}

    /// Codes of an error reply. 100-399 belong to the protocol, 400-1999 would be ours.
    public enum ErrorCode {
        INTERNAL(100, "internal server error", true),
        UNAUTHORIZED(101, "unauthorized", false),
        UNKNOWN_CHANNEL(102, "unknown channel", false),
        PERMISSION_DENIED(103, "permission denied", false),
        METHOD_NOT_FOUND(104, "method not found", false),
        ALREADY_SUBSCRIBED(105, "already subscribed", false),
        LIMIT_EXCEEDED(106, "limit exceeded", false),
        BAD_REQUEST(107, "bad request", false),
        NOT_AVAILABLE(108, "not available", false),
        TOKEN_EXPIRED(109, "token expired", false),
        EXPIRED(110, "expired", false),
        TOO_MANY_REQUESTS(111, "too many requests", true),
        UNRECOVERABLE_POSITION(112, "unrecoverable position", false),
        CONCURRENT_PAGINATION(113, "concurrent pagination", true);

        private final int code;
        private final String message;
        private final boolean temporary;

        ErrorCode(int code, String message, boolean temporary) {
            this.code = code;
            this.message = message;
            this.temporary = temporary;
        }

        public int code() {
            return code;
        }

        public String message() {
            return message;
        }

        /// Whether the same request may succeed later.
        public boolean temporary() {
            return temporary;
        }
    }

    /// Codes of an unsubscribe push.
    public enum UnsubscribeCode {
        /// Stays so: from 2500 on the client subscribes again.
        SERVER_UNSUBSCRIBE(2000, "server unsubscribe"),
        /// The node can no longer serve the channel from here; the client recovers from its
        /// position.
        INSUFFICIENT_STATE(2500, "insufficient state"),
        /// The subscription's token ran out; the client asks for a new one.
        SUBSCRIPTION_EXPIRED(2501, "subscription expired"),
        /// The channel has another history now; the client forgets its position.
        STATE_INVALIDATED(2502, "state invalidated");

        private final int code;
        private final String reason;

        UnsubscribeCode(int code, String reason) {
            this.code = code;
            this.reason = reason;
        }

        public int code() {
            return code;
        }

        public String reason() {
            return reason;
        }
    }

    /// Codes of a WebSocket close frame, or of a disconnect push on the other transports.
    public enum DisconnectCode {
        /// Some servers drop the connection without a close frame instead.
        CONNECTION_CLOSED(3000, "connection closed"),
        SHUTDOWN(3001, "shutdown"),
        INTERNAL_ERROR(3004, "internal server error"),
        EXPIRED(3005, "connection expired"),
        SUBSCRIPTION_EXPIRED(3006, "subscription expired"),
        SLOW(3008, "slow"),
        WRITE_ERROR(3009, "write error"),
        INSUFFICIENT_STATE(3010, "insufficient state"),
        FORCE_RECONNECT(3011, "force reconnect"),
        NO_PONG(3012, "no pong"),
        TOO_MANY_REQUESTS(3013, "too many requests"),
        STATE_INVALIDATED(3014, "state invalidated"),
        INVALID_TOKEN(3500, "invalid token"),
        BAD_REQUEST(3501, "bad request"),
        STALE(3502, "stale"),
        FORCE_DISCONNECT(3503, "force disconnect"),
        CONNECTION_LIMIT(3504, "connection limit"),
        CHANNEL_LIMIT(3505, "channel limit"),
        INAPPROPRIATE_PROTOCOL(3506, "inappropriate protocol"),
        PERMISSION_DENIED(3507, "permission denied"),
        NOT_AVAILABLE(3508, "not available"),
        TOO_MANY_ERRORS(3509, "too many errors");

        private final int code;
        private final String reason;

        DisconnectCode(int code, String reason) {
            this.code = code;
            this.reason = reason;
        }

        public int code() {
            return code;
        }

        public String reason() {
            return reason;
        }
    }
}
