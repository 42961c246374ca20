package io.grandstand.client;

/// A command failed.
public final class ClientException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /// There was no connection; nothing was sent.
    public static final int NOT_CONNECTED = 1;

    /// No reply came in time; the command may have been carried out.
    public static final int NO_REPLY = 2;

    /// The connection went while the reply was awaited; the command may have been carried out.
    public static final int CONNECTION_LOST = 3;

    private final int code;
    private final boolean temporary;

    ClientException(int code, String message, boolean temporary) {
        // No stack trace: it would show the event loop and nothing of the caller.
        super(message, null, false, false);
        this.code = code;
        this.temporary = temporary;
    }

    /// One of the codes here, which are below 100, or the server's.
    public int code() {
        return code;
    }

    /// Whether the same command may succeed later.
    public boolean temporary() {
        return temporary;
    }
}
