/// Measures the leaderboard, from inside its package.
@NullMarked
package io.grandstand.leaderboard;

import org.jspecify.annotations.NullMarked;
