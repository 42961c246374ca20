/// A client of the gateway: one WebSocket, its subscriptions and their positions.
///
/// Speaks the Centrifuge client protocol in JSON or Protobuf. Thousands of clients share a few
/// event loops. It must not know the game, nor the server's code.
@NullMarked
package io.grandstand.client;

import org.jspecify.annotations.NullMarked;
