package io.grandstand.bench;

/// The orchestrator's side of a load worker.
///
/// @param descriptorsMax how many files it may have open, connections included
record Worker(ChildProcess process, long descriptorsMax) {
    void tell(WorkerCommand command) {
        process.say(Lines.write(command));
    }
}
