package io.grandstand.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/// Takes verdicts apart.
final class Verdicts {
    private Verdicts() {}

    /// The verdict, which must be there already.
    static <T> Verdict<T> now(CompletionStage<Verdict<T>> stage) {
        assertThat(stage.toCompletableFuture()).isDone();
        return stage.toCompletableFuture().getNow(null);
    }

    /// The verdict; waits for it.
    static <T> Verdict<T> later(CompletionStage<Verdict<T>> stage) throws Exception {
        return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    static <T> T valid(Verdict<T> verdict) {
        if (verdict instanceof Verdict.Valid<T>(T claims)) {
            return claims;
        }
        throw new AssertionError("not valid: " + verdict);
    }

    static String reason(Verdict<?> verdict) {
        if (verdict instanceof Verdict.Invalid<?>(String reason)) {
            return reason;
        }
        throw new AssertionError("not invalid: " + verdict);
    }
}
