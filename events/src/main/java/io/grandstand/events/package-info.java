/// The language of the game: the topic catalogue, its record types, their JSON form and validation.
///
/// Services meet in these topics and nowhere else. This module must not know how a record is
/// produced, judged or delivered.
@NullMarked
package io.grandstand.events;

import org.jspecify.annotations.NullMarked;
