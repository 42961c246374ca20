/// Tests of the whole: a real broker, real sockets, a real browser, real kills.
@NullMarked
package io.grandstand.acceptance;

import org.jspecify.annotations.NullMarked;
