package io.servicebreaker.sample;

import com.fasterxml.jackson.annotation.JsonValue;
import io.servicebreaker.call.CallRejectedException;
import io.servicebreaker.call.UnacceptableResultException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One question on its way down the ladder of services. Used by one thread. */
final class Inquiry {

    private final String question;
    private final List<Step> path = new ArrayList<>();
    private @Nullable Duration soonestRetry;

    Inquiry(String question) {
        this.question = question;
    }

    String question() {
        return question;
    }

    List<Step> path() {
        return List.copyOf(path);
    }

    /** When the first of the services that refused may be asked again. */
    Optional<Duration> soonestRetry() {
        return Optional.ofNullable(soonestRetry);
    }

    Answer answered(String service, String text) {
        return new Answer(text, service);
    }

    /** The service did not help, and this is why. */
    void missed(String service, Exception why) {
        if (why instanceof CallRejectedException refusal) {
            path.add(new Step(service, Outcome.REFUSED, refusal.reason().name()));
            refusal.retryAfter().ifPresent(this::mayRetryAfter);
        } else if (why instanceof UnacceptableResultException) {
            path.add(new Step(service, Outcome.NOT_GOOD_ENOUGH, null));
        } else {
            path.add(new Step(service, Outcome.FAILED, rootOf(why)));
        }
    }

    /** The service has spoken last. */
    void ended(String service, Outcome outcome) {
        path.add(new Step(service, outcome, null));
    }

    private void mayRetryAfter(Duration wait) {
        soonestRetry = soonestRetry == null || wait.compareTo(soonestRetry) < 0 ? wait : soonestRetry;
    }

    private static String rootOf(Throwable why) {
        Throwable root = why;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getClass().getSimpleName();
    }

    /**
     * What became of asking one service.
     *
     * @param reason why it did not answer, if it did not
     */
    record Step(String service, Outcome outcome, @Nullable String reason) {}

    /** What can become of asking a service; programs read these words, the README lists them. */
    enum Outcome {
        ANSWERED,
        REFUSED,
        FAILED,
        NOT_GOOD_ENOUGH,
        MISS;

        @JsonValue
        String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
