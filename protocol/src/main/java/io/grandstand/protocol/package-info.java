/// The client protocol: commands, replies, pushes, codes, and their JSON and Protobuf forms.
///
/// Compatible with the Centrifuge client protocol, version 2. Depends on nothing but a JSON
/// tokeniser and the primitives of Protobuf: it must not know Netty, Kafka or the game.
@NullMarked
package io.grandstand.protocol;

import org.jspecify.annotations.NullMarked;
