/// Who is in a channel, over all nodes, by way of one compacted topic. See docs/design/presence.md.
@NullMarked
package io.grandstand.gateway.presence;

import org.jspecify.annotations.NullMarked;
