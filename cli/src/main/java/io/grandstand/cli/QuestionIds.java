package io.grandstand.cli;

import java.security.SecureRandom;

/// Makes ids for questions that a host asks without one.
final class QuestionIds {
    private static final String CHARACTERS = "abcdefghjkmnpqrstuvwxyz23456789";

    /// 31^12 ids: no two of a match's questions meet.
    private static final int LENGTH = 12;

    private static final SecureRandom RANDOM = new SecureRandom();

    private QuestionIds() {}

    /// A new id.
    static String next() {
        var id = new StringBuilder("h-");
        for (int i = 0; i < LENGTH; i++) {
            id.append(CHARACTERS.charAt(RANDOM.nextInt(CHARACTERS.length())));
        }
        return id.toString();
    }
}
