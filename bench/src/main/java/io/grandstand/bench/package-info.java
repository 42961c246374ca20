/// The load generator: drives a gateway and what stands behind it, checks every message, and
/// reports.
///
/// An orchestrator starts brokers, gateways, services, reference servers and load workers, each as
/// a process of its own, so that the processor time of each can be told apart. It knows the
/// programs it measures by their command lines only, never by their code.
@NullMarked
package io.grandstand.bench;

import org.jspecify.annotations.NullMarked;
