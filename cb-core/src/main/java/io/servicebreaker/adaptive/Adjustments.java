package io.servicebreaker.adaptive;

import io.servicebreaker.event.Events;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The last steps of adjustments, and whoever wants to hear of them. Safe for use by many threads. */
final class Adjustments {

    /** How many are kept. */
    static final int CAPACITY = 1_000;

    private static final Logger log = LoggerFactory.getLogger(Adjustments.class);

    private final Deque<ThresholdsAdjusted> newestFirst = new ArrayDeque<>();
    private final Events events;

    Adjustments(Events events) {
        this.events = events;
    }

    void record(ThresholdsAdjusted step) {
        keep(step);
        events.publish(step);
        if (step.owner() == Overlay.Owner.LEARNING && step.step().isChange()) {
            log.info(
                    "{} of {} is {} instead of {} now ({}): {}",
                    step.parameter().key(),
                    step.service(),
                    step.to(),
                    step.from(),
                    step.step(),
                    step.reason());
        }
    }

    private synchronized void keep(ThresholdsAdjusted step) {
        if (newestFirst.size() == CAPACITY) {
            newestFirst.removeLast();
        }
        newestFirst.addFirst(step);
    }

    synchronized List<ThresholdsAdjusted> newest(int limit, Predicate<? super ThresholdsAdjusted> wanted) {
        return newestFirst.stream().filter(wanted).limit(limit).toList();
    }
}
