package io.servicebreaker.sample;

import io.servicebreaker.call.CallRejectedException;
import io.servicebreaker.call.UnacceptableResultException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
            path.add(new Step(service, "refused", refusal.reason().name()));
            refusal.retryAfter().ifPresent(this::mayRetryAfter);
        } else if (why instanceof UnacceptableResultException) {
            path.add(new Step(service, "not good enough", null));
        } else {
            path.add(new Step(service, "failed", rootOf(why)));
        }
    }

    /** The service has spoken last. */
    void ended(String service, String outcome) {
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
    record Step(String service, String outcome, @Nullable String reason) {}
}
