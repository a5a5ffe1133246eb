package io.servicebreaker.call;

import io.servicebreaker.event.Events;
import io.servicebreaker.provider.Classifiers;
import io.servicebreaker.provider.ExceptionRules;
import io.servicebreaker.time.FakeTime;
import io.servicebreaker.time.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** One service, {@code openai}, behind the gates of a test; everything else is real. */
final class CallFixture implements AutoCloseable {

    static final CallRequest REQUEST = CallRequest.to("openai");
    static final Duration TIMEOUT = Duration.ofSeconds(30);
    static final Rejection OPEN = new Rejection(
            RejectionReason.OPEN, RejectionScope.SERVICE, Duration.ofSeconds(5).toNanos(), "");

    final FakeTime time = new FakeTime();
    final Events events = new Events();
    final InternalFaults faults = new InternalFaults(time);
    final RecordingListener listener = new RecordingListener();
    final List<String> journal = new CopyOnWriteArrayList<>();
    final OutcomeClassifier classifier = Classifiers.generic(TIMEOUT, ExceptionRules.NONE, List.of(), time);

    ScriptedGate granting(String name) {
        return ScriptedGate.granting(name, journal);
    }

    ScriptedGate refusing(String name, Rejection rejection) {
        return ScriptedGate.refusing(name, journal, rejection);
    }

    CallOrchestrator behind(Gate... gates) {
        return guardedBy(new Guard(List.of(gates), classifier, listener));
    }

    CallOrchestrator guardedBy(Guard guard) {
        return guardedBy(guard, time);
    }

    CallOrchestrator guardedBy(Guard guard, TimeSource clock) {
        return new CallOrchestrator(Map.of("openai", guard), clock, events, faults, false);
    }

    /** Outcomes that the listener was told of. */
    List<Outcome> outcomes() {
        return listener.finished().stream()
                .map(RecordingListener.Finished::outcome)
                .toList();
    }

    @Override
    public void close() {
        events.close();
    }
}
