/// The `grandstand` command: what it can be told, and the composition roots that wire its programs.
///
/// Everything else is in the modules below; nothing here decides how a question is judged or a
/// record delivered.
@NullMarked
package io.grandstand.cli;

import org.jspecify.annotations.NullMarked;
