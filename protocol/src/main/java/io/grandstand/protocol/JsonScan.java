package io.grandstand.protocol;

import java.util.Arrays;

/// Looks over JSON text without making anything of it (RFC 8259): every publication passes here on
/// its way to players, and a parser's tokens would cost as much as the rest of its way.
final class JsonScan {
    /// Deeper text is refused: whoever reads it must not run out of stack.
    static final int NESTING_MAX = 1000;

    /// Longer numbers and names are refused: common readers, Jackson among them, refuse them too.
    static final int NUMBER_BYTES_MAX = 1000;

    static final int NAME_BYTES_MAX = 50_000;

    private final byte[] text;
    private int at;

    /// Whether each open bracket is an object's, 64 to an element, the outermost first.
    private long[] isObject = new long[1];

    private int depth;

    private JsonScan(byte[] text) {
        this.text = text;
    }

    /// Whether `text`, which is UTF-8, is exactly one value, with white space around it if need be.
    static boolean isOneValue(byte[] text) {
        var scan = new JsonScan(text);
        return scan.values() && scan.at == text.length;
    }

    private boolean values() {
        space();
        while (true) {
            // Here a value begins.
            int c = next();
            boolean isOpened = c == '{' || c == '[';
            if (isOpened) {
                if (!open(c == '{')) {
                    return false;
                }
                space();
                if (peek() != (c == '{' ? '}' : ']')) {
                    if (c == '{' && !name()) {
                        return false;
                    }
                    continue;
                }
            } else if (!scalar(c)) {
                return false;
            }
            // Here a value has ended, or an empty object or list is about to.
            while (true) {
                space();
                if (depth == 0) {
                    return true;
                }
                boolean object = isObject();
                c = next();
                if (c == (object ? '}' : ']')) {
                    depth--;
                } else if (c == ',' && !isOpened) {
                    space();
                    if (object && !name()) {
                        return false;
                    }
                    break;
                } else {
                    return false;
                }
                isOpened = false;
            }
        }
    }

    private boolean open(boolean object) {
        if (depth == NESTING_MAX) {
            return false;
        }
        if (depth >> 6 == isObject.length) {
            isObject = Arrays.copyOf(isObject, 2 * isObject.length);
        }
        long bit = 1L << depth;
        isObject[depth >> 6] = object ? isObject[depth >> 6] | bit : isObject[depth >> 6] & ~bit;
        depth++;
        return true;
    }

    /// Whether the innermost open bracket is an object's.
    private boolean isObject() {
        int bracket = depth - 1;
        return (isObject[bracket >> 6] & (1L << bracket)) != 0;
    }

    /// A field's name and its colon, up to where its value begins.
    private boolean name() {
        int start = at;
        if (next() != '"' || !string() || at - start > NAME_BYTES_MAX) {
            return false;
        }
        space();
        if (next() != ':') {
            return false;
        }
        space();
        return true;
    }

    private boolean scalar(int first) {
        return switch (first) {
            case '"' -> string();
            case 't' -> rest("rue");
            case 'f' -> rest("alse");
            case 'n' -> rest("ull");
            case '-' -> number(at - 1, next());
            default -> number(at - 1, first);
        };
    }

    /// The rest of a string, behind its opening quotation mark.
    private boolean string() {
        while (at < text.length) {
            byte c = text[at++];
            if (c == '"') {
                return true;
            }
            if (c == '\\') {
                if (!escape(next())) {
                    return false;
                }
            } else if (c >= 0 && c < ' ') {
                return false;
            }
        }
        return false;
    }

    private boolean escape(int c) {
        return switch (c) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> true;
            case 'u' -> {
                int digits = 0;
                while (digits < 4 && isHex(next())) {
                    digits++;
                }
                yield digits == 4;
            }
            default -> false;
        };
    }

    private static boolean isHex(int c) {
        return isDigit(c) || ('a' <= c && c <= 'f') || ('A' <= c && c <= 'F');
    }

    /// The rest of a number that began at `start`, behind its sign and its first digit.
    private boolean number(int start, int first) {
        if (!isDigit(first)) {
            return false;
        }
        if (first != '0') {
            digits();
        }
        if (peek() == '.') {
            at++;
            if (digits() == 0) {
                return false;
            }
        }
        if (peek() == 'e' || peek() == 'E') {
            at++;
            if (peek() == '+' || peek() == '-') {
                at++;
            }
            if (digits() == 0) {
                return false;
            }
        }
        return at - start <= NUMBER_BYTES_MAX;
    }

    private int digits() {
        int start = at;
        while (isDigit(peek())) {
            at++;
        }
        return at - start;
    }

    private static boolean isDigit(int c) {
        return '0' <= c && c <= '9';
    }

    private boolean rest(String word) {
        for (int i = 0; i < word.length(); i++) {
            if (next() != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private void space() {
        while (at < text.length) {
            byte c = text[at];
            if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
                return;
            }
            at++;
        }
    }

    /// The next byte, -1 at the end; a byte of several that make a character is something else too.
    private int peek() {
        return at < text.length ? text[at] & 0xff : -1;
    }

    private int next() {
        return at < text.length ? text[at++] & 0xff : -1;
    }
}
