package io.grandstand.bench;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/// How numbers are written for people.
final class Numbers {
    private static final int DIGITS = 3;

    private Numbers() {}

    /// Three digits that count, thousands apart: `0.0123`, `4.5`, `12,300`.
    static String number(double value) {
        if (!Double.isFinite(value)) {
            return "–";
        }
        BigDecimal rounded =
                new BigDecimal(value).round(new MathContext(DIGITS)).stripTrailingZeros();
        return String.format(Locale.ROOT, "%,." + Math.max(0, rounded.scale()) + "f", rounded);
    }

    /// A count, to the last one: `1,234,567`.
    static String count(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /// Bytes in the unit that leaves at most four digits before the point: `0 B`, `3.2 KB`.
    ///
    /// A KB has 1,000 bytes here, as bandwidth and disks are sold.
    static String bytes(long bytes) {
        String[] units = {"B", "KB", "MB", "GB", "TB", "PB"};
        int unit = 0;
        double value = bytes;
        while (value >= 1000 && unit < units.length - 1) {
            value /= 1000;
            unit++;
        }
        return number(value) + " " + units[unit];
    }

    /// Text that may stand in an element or between double quotes.
    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
