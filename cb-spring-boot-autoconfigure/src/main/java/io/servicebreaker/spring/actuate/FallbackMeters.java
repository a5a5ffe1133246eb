package io.servicebreaker.spring.actuate;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.coordination.DecisionRecord;
import io.servicebreaker.coordination.DecisionWriter;
import io.servicebreaker.coordination.Decisions;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Counts the failures that callers do not see, because somebody else answered; on the thread of the call. */
final class FallbackMeters implements MeterBinder {

    private final @Nullable DecisionWriter writer;
    private final InternalFaults faults;
    private final List<MeterRegistry> registries = new CopyOnWriteArrayList<>();

    /**
     * Creates it.
     *
     * @param writer null if decisions are not stored
     */
    FallbackMeters(Decisions decisions, @Nullable DecisionWriter writer, InternalFaults faults) {
        this.writer = writer;
        this.faults = faults;
        decisions.listen(this::count);
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        registries.add(registry);
        if (writer != null) {
            FunctionCounter.builder(MeterNames.DECISIONS_DROPPED, writer, DecisionWriter::dropped)
                    .description("Decisions about fallbacks that the store did not take")
                    .register(registry);
        }
    }

    private void count(DecisionRecord decision) {
        DecisionRecord.Answer answer = decision.answer();
        if (answer == null) {
            return;
        }
        try {
            registries.forEach(registry -> count(registry, decision.service(), answer.by()));
        } catch (RuntimeException | Error e) {
            faults.record("meters of fallbacks", "an answer is not counted", e);
        }
    }

    private static void count(MeterRegistry registry, String service, String answeredBy) {
        Counter.builder(MeterNames.MASKED_FAILURES)
                .description("Calls that failed or were refused, and that somebody else answered")
                .tags(MeterNames.SERVICE, service, "answered.by", answeredBy)
                .register(registry)
                .increment();
    }
}
