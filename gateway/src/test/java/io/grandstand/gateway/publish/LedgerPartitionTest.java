package io.grandstand.gateway.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.grandstand.gateway.publish.LedgerRecord.Abandoned;
import io.grandstand.gateway.publish.LedgerRecord.Claim;
import io.grandstand.gateway.publish.LedgerRecord.Done;
import io.grandstand.gateway.publish.Outcome.Cause;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/// One node, whose ledger and target the test plays.
class LedgerPartitionTest {
    private static final UUID NODE = new UUID(0, 1);
    private static final AttemptId OTHERS = new AttemptId(new UUID(0, 2), 0);
    private static final long WINDOW_MS = 600_000;
    private static final Instant START = Instant.parse("2026-03-01T18:00:00Z");

    /// What the node had done, taken off by the test.
    private final List<LedgerRecord> appended = new ArrayList<>();

    private final List<Claim> written = new ArrayList<>();
    private final List<Claim> searched = new ArrayList<>();
    private final List<Long> searchedFromMs = new ArrayList<>();

    private final LedgerPartition ledger =
            new LedgerPartition(
                    NODE,
                    this::nextNumber,
                    () -> START.plusMillis(nowMs()),
                    WINDOW_MS,
                    new LedgerPartition.Effects() {
                        @Override
                        public void append(LedgerRecord entry) {
                            appended.add(entry);
                        }

                        @Override
                        public void write(Publish publish, Claim claim) {
                            written.add(claim);
                        }

                        @Override
                        public void search(Claim lost, long fromMs) {
                            searched.add(lost);
                            searchedFromMs.add(fromMs);
                        }
                    });

    private long numbers;
    private long now;

    @Test
    void aClaimThatHoldsIsWrittenAndAnswered() {
        ledger.loaded(now);
        var answer = publish("asha", "1");
        Claim claim = takeClaim();
        assertThat(claim)
                .isEqualTo(
                        new Claim(
                                "asha",
                                "1",
                                new AttemptId(NODE, 0),
                                "answer",
                                3,
                                START.toEpochMilli()));
        assertThat(written).isEmpty();
        read(claim);
        assertThat(written).containsExactly(claim);
        assertThat(answer).isNotDone();
        ledger.written(claim, 42, now);
        assertThat(answer).isCompletedWithValue(new Outcome.Written(3, 42));
        assertThat(appended).containsExactly(new Done("asha", "1", claim.attempt(), 3, 42));
    }

    @Test
    void aClaimWaitsUntilTheWindowHasBeenRead() {
        var _ = publish("asha", "1");
        assertThat(appended).isEmpty();
        ledger.loaded(now);
        takeClaim();
    }

    @Test
    void callersOfTheSameIdShareOneAttempt() {
        ledger.loaded(now);
        var first = publish("asha", "1");
        var second = publish("asha", "1");
        Claim claim = takeClaim();
        read(claim);
        ledger.written(claim, 42, now);
        var third = publish("asha", "1");
        read(takeDone());
        var fourth = publish("asha", "1");
        assertThat(List.of(first, second, third, fourth))
                .allSatisfy(answer ->
                        assertThat(answer).isCompletedWithValue(new Outcome.Written(3, 42)));
        assertThat(appended).isEmpty();
        assertThat(written).hasSize(1);
    }

    @Test
    void otherPlayersAndOtherIdsAreOtherPublishes() {
        ledger.loaded(now);
        var _ = publish("asha", "1");
        var _ = publish("asha", "2");
        var _ = publish("ben", "1");
        assertThat(appended).hasSize(3);
    }

    @Test
    void ofTwoClaimsTheFirstInTheLedgerHolds() {
        ledger.loaded(now);
        var answer = publish("asha", "1");
        Claim claim = takeClaim();
        read(othersClaim());
        read(claim);
        assertThat(written).isEmpty();
        read(new Done("asha", "1", OTHERS, 7, 8));
        assertThat(answer).isCompletedWithValue(new Outcome.Written(7, 8));
    }

    @Test
    void anIdThatIsDoneIsAnsweredWithoutAClaim() {
        read(othersClaim());
        read(new Done("asha", "1", OTHERS, 7, 8));
        ledger.loaded(now);
        assertThat(publish("asha", "1")).isCompletedWithValue(new Outcome.Written(7, 8));
        assertThat(appended).isEmpty();
    }

    @Test
    void anAbandonedClaimLetsTheNextOneClaim() {
        read(othersClaim());
        ledger.loaded(now);
        var answer = publish("asha", "1");
        assertThat(appended).isEmpty();
        read(new Abandoned("asha", "1", OTHERS));
        Claim claim = takeClaim();
        read(claim);
        ledger.written(claim, 1, now);
        assertThat(answer).isCompletedWithValue(new Outcome.Written(3, 1));
    }

    @Test
    void aClaimThatIsReadTooLateIsNotWritten() {
        ledger.loaded(now);
        var answer = publish("asha", "1");
        Claim claim = takeClaim();
        pass(1000);
        read(claim);
        assertThat(written).isEmpty();
        assertThat(appended).containsExactly(new Abandoned("asha", "1", claim.attempt()));
        assertThat(answer).isCompletedWithValue(new Outcome.Temporary(Cause.UNREACHABLE));
    }

    @Test
    void whereKafkaIsAwayACallerIsAnsweredWithinASecondAndItsClaimAbandoned() {
        var unread = publish("asha", "1");
        pass(999);
        assertThat(unread).isNotDone();
        pass(1);
        assertThat(unread).isCompletedWithValue(new Outcome.Temporary(Cause.UNREACHABLE));

        ledger.loaded(now);
        var unclaimed = publish("asha", "1");
        Claim claim = takeClaim();
        pass(1000);
        assertThat(unclaimed).isCompletedWithValue(new Outcome.Temporary(Cause.UNREACHABLE));
        assertThat(takeAbandoned().attempt()).isEqualTo(claim.attempt());

        var retried = publish("asha", "1");
        Claim second = takeClaim();
        read(claim);
        read(new Abandoned("asha", "1", claim.attempt()));
        read(second);
        assertThat(written).containsExactly(second);
        assertThat(retried).isNotDone();
    }

    @Test
    void aRecordThatNeverLeftIsAbandoned() {
        ledger.loaded(now);
        var answer = publish("asha", "1");
        Claim claim = takeClaim();
        read(claim);
        ledger.failed(claim, true);
        assertThat(answer).isCompletedWithValue(new Outcome.Temporary(Cause.UNREACHABLE));
        assertThat(takeAbandoned().attempt()).isEqualTo(claim.attempt());
    }

    @Test
    void aRecordThatMayBeWrittenIsSearchedForOnceSomebodyAsks() {
        ledger.loaded(now);
        var answer = publish("asha", "1");
        Claim claim = takeClaim();
        read(claim);
        pass(1500);
        ledger.failed(claim, false);
        assertThat(answer).isCompletedWithValue(new Outcome.Temporary(Cause.UNSETTLED));
        assertThat(appended).isEmpty();
        pass(60_000);
        assertThat(searched).isEmpty();
        var _ = publish("asha", "1");
        pass(1);
        assertThat(searched).containsExactly(claim);
    }

    @Test
    void anothersClaimIsSearchedForOnceItIsSettledAndOnlyOnceAtATime() {
        Claim lost = othersClaim();
        read(lost);
        ledger.loaded(now);
        var _ = publish("asha", "1");
        pass(3499);
        assertThat(searched).isEmpty();
        pass(1);
        assertThat(searched).containsExactly(lost);
        // Clocks may differ, but not by more.
        assertThat(searchedFromMs).containsExactly(lost.atMs() - 5000);
        pass(500);
        var _ = publish("asha", "1");
        pass(100);
        assertThat(searched).hasSize(1);
        ledger.searched(lost, new Fate.Unknown(), now);
        pass(499);
        assertThat(searched).hasSize(1);
        pass(1);
        assertThat(searched).hasSize(2);
    }

    @Test
    void whatASearchFindsIsTheAnswer() {
        Claim lost = othersClaim();
        read(lost);
        ledger.loaded(now);
        var answer = publish("asha", "1");
        pass(3500);
        ledger.searched(lost, new Fate.Found(17), now);
        read(takeDone());
        assertThat(answer).isCompletedWithValue(new Outcome.Written(lost.partition(), 17));
        assertThat(written).isEmpty();
    }

    @Test
    void whatASearchDoesNotFindIsClaimedAgain() {
        Claim lost = othersClaim();
        read(lost);
        ledger.loaded(now);
        var answer = publish("asha", "1");
        pass(3500);
        ledger.searched(lost, new Fate.Absent(), now);
        read(takeAbandoned());
        Claim claim = takeClaim();
        read(claim);
        ledger.written(claim, 18, now);
        assertThat(answer).isCompletedWithValue(new Outcome.Written(3, 18));
    }

    @Test
    void aVerdictOnAClaimThatNoLongerHoldsChangesNothing() {
        read(othersClaim());
        read(new Abandoned("asha", "1", OTHERS));
        ledger.loaded(now);
        var _ = publish("asha", "1");
        Claim claim = takeClaim();
        read(claim);
        read(new Abandoned("asha", "1", OTHERS));
        read(new Claim("asha", "1", new AttemptId(OTHERS.node(), 1), "answer", 3, 0));
        ledger.written(claim, 1, now);
        read(takeDone());
        read(new Done("asha", "1", OTHERS, 9, 9));
        read(new Abandoned("asha", "1", claim.attempt()));
        assertThat(publish("asha", "1")).isCompletedWithValue(new Outcome.Written(3, 1));
    }

    @Test
    void aCallerWaitsFourSecondsAtMost() {
        read(othersClaim());
        ledger.loaded(now);
        var answer = publish("asha", "1");
        pass(3999);
        assertThat(answer).isNotDone();
        pass(1);
        assertThat(answer).isCompletedWithValue(new Outcome.Temporary(Cause.UNSETTLED));
    }

    @Test
    void aWriteThatOutlastsItsCallerIsRememberedAllTheSame() {
        read(othersClaim());
        ledger.loaded(now);
        var answer = publish("asha", "1");
        pass(3600);
        read(new Abandoned("asha", "1", OTHERS));
        Claim claim = takeClaim();
        read(claim);
        pass(400);
        assertThat(answer).isCompletedWithValue(new Outcome.Temporary(Cause.UNSETTLED));
        ledger.written(claim, 5, now);
        read(takeDone());
        assertThat(publish("asha", "1")).isCompletedWithValue(new Outcome.Written(3, 5));
    }

    @Test
    void aDoneThatIsNeverReadIsSearchedForByTheNextToAsk() {
        ledger.loaded(now);
        var _ = publish("asha", "1");
        Claim claim = takeClaim();
        read(claim);
        ledger.written(claim, 5, now);
        pass(9999);
        assertThat(publish("asha", "1")).isCompletedWithValue(new Outcome.Written(3, 5));
        pass(1);
        assertThat(publish("asha", "1")).isNotDone();
        pass(1);
        assertThat(searched).containsExactly(claim);
    }

    @Test
    void anIdIsForgottenAWindowAfterItsClaimByTheLedgersClock() {
        long claimedMs = START.toEpochMilli();
        ledger.read(othersClaim(), claimedMs, now);
        ledger.read(new Done("asha", "1", OTHERS, 7, 8), claimedMs + 5, now);
        ledger.loaded(now);
        ledger.read(claim("ben", "2"), claimedMs + WINDOW_MS, now);
        assertThat(publish("asha", "1")).isCompletedWithValue(new Outcome.Written(7, 8));
        ledger.read(claim("ben", "3"), claimedMs + WINDOW_MS + 1, now);
        // A new leader's clock may be behind.
        ledger.read(claim("ben", "4"), claimedMs, now);
        assertThat(ledger.remembered()).isEqualTo(3);
        assertThat(publish("asha", "1")).isNotDone();
        takeClaim();
    }

    @Test
    void atTheBoundNewIdsAreRefusedAndOldOnesAnswered() {
        ledger.loaded(now);
        for (int i = 0; i < LedgerPartition.REMEMBERED_MAX; i++) {
            read(new Done("asha", String.valueOf(i), OTHERS, 7, i));
        }
        assertThat(publish("asha", "new")).isCompletedWithValue(new Outcome.Temporary(Cause.BUSY));
        assertThat(publish("asha", "5")).isCompletedWithValue(new Outcome.Written(7, 5));
    }

    @Test
    void aWriteUnderWayOutlivesALostPosition() {
        ledger.loaded(now);
        var writing = publish("asha", "1");
        Claim claim = takeClaim();
        read(claim);
        var claiming = publish("ben", "1");
        Claim bens = takeClaim();
        ledger.restart();
        assertThat(claiming).isCompletedWithValue(new Outcome.Temporary(Cause.UNREACHABLE));
        assertThat(takeAbandoned().attempt()).isEqualTo(bens.attempt());
        read(claim);
        assertThat(written).hasSize(1);
        ledger.written(claim, 5, now);
        assertThat(writing).isCompletedWithValue(new Outcome.Written(3, 5));
    }

    @Test
    void closingAbandonsWhatIsNotWrittenAndAnswersAll() {
        ledger.loaded(now);
        var writing = publish("asha", "1");
        read(takeClaim());
        var claiming = publish("ben", "1");
        Claim bens = takeClaim();
        assertThat(ledger.isBusy()).isTrue();
        ledger.close();
        assertThat(writing).isCompletedWithValue(new Outcome.Temporary(Cause.UNSETTLED));
        assertThat(claiming).isCompletedWithValue(new Outcome.Temporary(Cause.UNREACHABLE));
        assertThat(appended).containsExactly(new Abandoned("ben", "1", bens.attempt()));
        assertThat(ledger.isBusy()).isFalse();
    }

    @Test
    void aPartitionIsIdleALingerAfterItsLastCaller() {
        ledger.loaded(now);
        var _ = publish("asha", "1");
        long linger = TimeUnit.SECONDS.toNanos(60);
        Claim claim = takeClaim();
        read(claim);
        ledger.written(claim, 5, now);
        assertThat(ledger.isIdle(now + linger, linger)).isFalse();
        read(takeDone());
        assertThat(ledger.isIdle(now + linger - 1, linger)).isFalse();
        assertThat(ledger.isIdle(now + linger, linger)).isTrue();
    }

    private long nextNumber() {
        return numbers++;
    }

    private long nowMs() {
        return TimeUnit.NANOSECONDS.toMillis(now);
    }

    private void pass(long ms) {
        now += TimeUnit.MILLISECONDS.toNanos(ms);
        ledger.tick(now);
    }

    private CompletableFuture<Outcome> publish(String player, String id) {
        var answer = new CompletableFuture<Outcome>();
        ledger.publish(
                new Publish(
                        player,
                        id,
                        PublishKey.of(player, id),
                        new ProducerRecord<>("answer", 3, new byte[0], new byte[0]),
                        answer),
                now);
        return answer;
    }

    private void read(LedgerRecord entry) {
        ledger.read(entry, START.toEpochMilli() + nowMs(), now);
    }

    private static Claim othersClaim() {
        return claim("asha", "1");
    }

    private static Claim claim(String player, String id) {
        return new Claim(player, id, OTHERS, "answer", 7, START.toEpochMilli());
    }

    private Claim takeClaim() {
        return (Claim) take();
    }

    private Done takeDone() {
        return (Done) take();
    }

    private Abandoned takeAbandoned() {
        return (Abandoned) take();
    }

    private LedgerRecord take() {
        assertThat(appended).hasSize(1);
        return appended.removeFirst();
    }
}
