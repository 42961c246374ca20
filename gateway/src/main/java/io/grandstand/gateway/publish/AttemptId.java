package io.grandstand.gateway.publish;

import java.util.UUID;

/// Names one attempt to write a record, among all nodes there ever were.
///
/// @param node drawn anew by each start of a node
/// @param number counts that node's attempts
record AttemptId(UUID node, long number) {
    @Override
    public String toString() {
        return node + "/" + number;
    }
}
