/// Trivia: a classic quiz from a file, question by question, into the topics that every game uses.
///
/// `QuizFile` reads the quiz, `QuizRunner` asks it. This module must not know who answers, how
/// answers are judged, or how anything reaches a player.
@NullMarked
package io.grandstand.trivia;

import org.jspecify.annotations.NullMarked;
