/// Cricket: turns a ball feed into balls, scoreboard, questions and their outcomes.
///
/// A feed is a Cricsheet file, a recorded live score feed, or a simulated match; each becomes a
/// `MatchScript`, which the `Conductor` plays into the match's topics. This module must not know
/// who answers, how answers are judged, or how anything reaches a player.
@NullMarked
package io.grandstand.cricket;

import org.jspecify.annotations.NullMarked;
