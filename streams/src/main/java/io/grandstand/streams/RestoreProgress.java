package io.grandstand.streams;

/// How far the rebuilding of a store from its changelog has come.
///
/// @param done records read so far
/// @param total records to read, as of the beginning
/// @param ended whether that was all
public record RestoreProgress(String store, int partition, long done, long total, boolean ended) {}
