/// A real Kafka broker inside this process, and the topic catalogue applied to any cluster.
///
/// Kafka's internal classes are used here and nowhere else. This module must not know what the
/// topics are for.
@NullMarked
package io.grandstand.embedded;

import org.jspecify.annotations.NullMarked;
