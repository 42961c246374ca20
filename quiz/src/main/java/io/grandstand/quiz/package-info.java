/// The quiz: what becomes of questions and answers, as one Kafka Streams topology.
///
/// Rules are pure (`Desk`, `Judge`), processors are thin shells around them. This module must not
/// know where commands come from, how answers reach Kafka, or what boards are made of points.
@NullMarked
package io.grandstand.quiz;

import org.jspecify.annotations.NullMarked;
