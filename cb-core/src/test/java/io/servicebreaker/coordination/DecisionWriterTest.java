package io.servicebreaker.coordination;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.call.FailureCause;
import io.servicebreaker.event.Events;
import io.servicebreaker.time.FakeTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Decisions, as they are kept in memory and behind the calls. */
class DecisionWriterTest {

    private static final Duration KEPT = Duration.ofDays(30);

    private final FakeTime time = new FakeTime();
    private final Store store = new Store();
    private final DecisionWriter writer = new DecisionWriter(store, KEPT, time);

    @Test
    void leavesTheStoreAloneUntilThereIsADecision() {
        writer.write();
        assertThat(store.opened).isZero();

        writer.add(decision(1));
        writer.write();

        assertThat(store.opened).isOne();
        assertThat(store.hops).containsExactly(1);
    }

    @Test
    void triesAgainLaterWhatTheStoreDidNotTake() {
        store.broken = true;
        writer.add(decision(1));
        writer.write();
        store.broken = false;
        writer.add(decision(2));
        writer.write();
        assertThat(store.hops).isEmpty();

        time.advance(Duration.ofSeconds(1));
        writer.write();

        assertThat(store.hops).containsExactly(1, 2);
        assertThat(writer.dropped()).isZero();
    }

    @Test
    void dropsWhatFindsNoRoomAndWhatTheStoreNeverTakes() {
        store.broken = true;
        for (int i = 0; i < DecisionWriter.CAPACITY + 7; i++) {
            writer.add(decision(i));
        }
        assertThat(writer.dropped()).isEqualTo(7);

        store.broken = false;
        store.refused = IntStream.range(0, DecisionWriter.CAPACITY).boxed().collect(Collectors.toSet());
        writer.write();

        assertThat(writer.dropped()).isEqualTo(DecisionWriter.CAPACITY + 7);
        assertThat(store.hops).isEmpty();
    }

    @Test
    void losesNoDecisionForAnotherThatTheStoreNeverTakes() {
        store.refused = Set.of(2);
        for (int hop = 1; hop <= 4; hop++) {
            writer.add(decision(hop));
        }
        writer.write();

        assertThat(store.hops).containsExactly(1, 3, 4);
        assertThat(writer.dropped()).isOne();
    }

    @Test
    void forgetsOldDecisionsOnceAnHour() {
        writer.add(decision(1));
        writer.write();
        writer.write();
        assertThat(store.forgotten).containsExactly(time.now().minus(KEPT));

        time.advance(Duration.ofHours(1));
        writer.write();

        assertThat(store.forgotten).hasSize(2).last().isEqualTo(time.now().minus(KEPT));
    }

    @Test
    void writesWhatWaitsWhenItIsClosed() {
        writer.start();
        writer.add(decision(1));

        writer.close();

        assertThat(store.hops).containsExactly(1);
    }

    @Test
    void keepsTheLastDecisionsNewestFirst() {
        try (Events events = new Events()) {
            Decisions decisions = new Decisions(events);
            for (int hop = 1; hop <= Decisions.CAPACITY + 10; hop++) {
                decisions.record(decision(hop));
            }

            assertThat(decisions.newest(2, decision -> true))
                    .extracting(DecisionRecord::hop)
                    .containsExactly(Decisions.CAPACITY + 10, Decisions.CAPACITY + 9);
            assertThat(decisions.newest(5000, decision -> true)).hasSize(Decisions.CAPACITY);
            assertThat(decisions.newest(5, decision -> decision.hop() == 10)).isEmpty();
        }
    }

    private DecisionRecord decision(int hop) {
        return new DecisionRecord(
                "ladder",
                hop,
                time.now(),
                "openai",
                "chat",
                FailureCause.TIMEOUT,
                null,
                List.of("Client.other"),
                "Client.other",
                "late",
                Duration.ofSeconds(1),
                null,
                null,
                DecisionRecord.Result.FAILED,
                null);
    }

    private static final class Store implements DecisionStore {

        private final List<Integer> hops = new ArrayList<>();
        private final List<Instant> forgotten = new ArrayList<>();
        private int opened;
        private volatile boolean broken;
        private volatile Set<Integer> refused = Set.of();

        @Override
        public void open() {
            opened++;
        }

        @Override
        public boolean append(List<DecisionRecord> decisions) {
            if (broken) {
                throw new IllegalStateException("broken");
            }
            List<Integer> offered = decisions.stream().map(DecisionRecord::hop).toList();
            if (offered.stream().anyMatch(refused::contains)) {
                return false;
            }
            hops.addAll(offered);
            return true;
        }

        @Override
        public void forget(Instant before) {
            forgotten.add(before);
        }
    }
}
