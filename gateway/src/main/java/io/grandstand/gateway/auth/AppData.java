package io.grandstand.gateway.auth;

import io.grandstand.protocol.RawJson;

/// Data of the application that a token carries, to be passed on as it is.
///
/// @param bytes not to be changed; empty where the token has none
/// @param isJson whether `bytes` are one JSON value on one line, fit for a JSON frame; data given
///   in Base64 may be anything
public record AppData(byte[] bytes, boolean isJson) {
    public static final AppData NONE = new AppData(new byte[0], false);

    /// Data given as JSON.
    static AppData ofJson(byte[] json) {
        return new AppData(RawJson.onOneLine(json), true);
    }

    /// Data given as bytes.
    static AppData ofBytes(byte[] bytes) {
        if (bytes.length == 0) {
            return NONE;
        }
        return RawJson.isOneValue(bytes) ? ofJson(bytes) : new AppData(bytes, false);
    }

    public boolean isEmpty() {
        return bytes.length == 0;
    }
}
