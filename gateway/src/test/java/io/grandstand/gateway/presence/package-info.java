@NullMarked
package io.grandstand.gateway.presence;

import org.jspecify.annotations.NullMarked;
