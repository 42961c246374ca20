package io.grandstand.cli;

import picocli.CommandLine.IVersionProvider;

/// The version in the jar's manifest.
public final class Version implements IVersionProvider {
    /// The version alone.
    public static String current() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    @Override
    public String[] getVersion() {
        return new String[] {"grandstand " + current()};
    }
}
