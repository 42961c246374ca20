/// The gateway as a program of its own: its configuration file, its commands, and the profile that
/// other people's test suites run against.
///
/// What a gateway does is in the gateway module; nothing here knows the game.
@NullMarked
package io.grandstand.cli.gateway;

import org.jspecify.annotations.NullMarked;
