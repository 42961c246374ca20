/// Measures the quiz on a real broker against a bare loop. No part of the product.
@NullMarked
package io.grandstand.quiz;

import org.jspecify.annotations.NullMarked;
