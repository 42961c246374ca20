/// Players of the demo: real clients over WebSocket, with habits that follow from a seed.
///
/// They see what every player sees and know no more. This module must not know the gateway's or the
/// quiz's code.
@NullMarked
package io.grandstand.bots;

import org.jspecify.annotations.NullMarked;
