package io.servicebreaker.provider;

import io.servicebreaker.call.CallRejectedException;
import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.OutcomeClassifier;
import io.servicebreaker.call.UnacceptableResultException;
import io.servicebreaker.time.TimeSource;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Judges by type and status what every HTTP service means alike; never by words in a message.
 *
 * <p>The first exception of the cause chain that says anything decides, so wrappers of client libraries and of futures
 * do not matter.
 */
public final class StandardClassifier implements OutcomeClassifier {

    private static final int DEEPEST_CHAIN = 16;

    private final long timeoutNanos;
    private final ExceptionRules rules;
    private final List<ErrorReader> readers;
    private final TimeSource time;

    /**
     * Creates a classifier.
     *
     * @param timeoutThreshold a longer call counts as timed out although it answered
     * @param rules what the configuration says about types of exceptions
     * @param readers who reads the exceptions of client libraries
     */
    public StandardClassifier(
            Duration timeoutThreshold, ExceptionRules rules, List<ErrorReader> readers, TimeSource time) {
        this.timeoutNanos = timeoutThreshold.toNanos();
        this.rules = rules;
        this.readers = List.copyOf(readers);
        this.time = time;
    }

    @Override
    public Outcome answered(@Nullable CallReport report, long durationNanos) {
        if (report != null && byStatus(report) != FailureCause.UNKNOWN) {
            return judged(byStatus(report), report, Optional.empty());
        }
        Outcome outcome = durationNanos > timeoutNanos ? Outcome.failure(FailureCause.TIMEOUT) : Outcome.SUCCESS;
        return report == null ? outcome : outcome.with(null, report);
    }

    @Override
    public Outcome failed(Throwable error, @Nullable CallReport report) {
        CallReport known = report == null ? read(error) : report;
        FailureCause cause = cause(error, known);
        Optional<Boolean> configured = saysNothing(cause) ? Optional.of(false) : rules.judge(error);
        return judged(cause, known, configured);
    }

    /** Whatever the configuration says about exceptions: the service did not cause these. */
    private static boolean saysNothing(FailureCause cause) {
        return cause == FailureCause.CANCELLED || cause == FailureCause.LOCAL_ERROR;
    }

    private Outcome judged(FailureCause cause, @Nullable CallReport report, Optional<Boolean> configured) {
        Duration wait =
                report == null ? null : RetryAfter.read(report, time.now()).orElse(null);
        boolean counts = configured.orElseGet(() -> counts(cause, wait != null));
        Outcome outcome = counts ? Outcome.failure(cause) : Outcome.ignored(cause);
        boolean heeded = counts || (configured.isEmpty() && isThrottling(cause));
        return outcome.with(heeded ? wait : null, report);
    }

    private static boolean isThrottling(FailureCause cause) {
        return cause == FailureCause.RATE_LIMIT || cause == FailureCause.QUOTA;
    }

    /** A throttled call says when to come back instead of that the service is broken, unless it does not say when. */
    private static boolean counts(FailureCause cause, boolean saysWhenToComeBack) {
        return switch (cause) {
            case RATE_LIMIT, QUOTA -> !saysWhenToComeBack;
            case BAD_REQUEST, CONTEXT_LENGTH, CONTENT_FILTER, CANCELLED, LOCAL_ERROR -> false;
            case AUTHENTICATION, OVERLOADED, SERVER_ERROR, TIMEOUT, CONNECTION, QUALITY, UNKNOWN -> true;
        };
    }

    private @Nullable CallReport read(Throwable error) {
        Throwable link = error;
        for (int depth = 0; link != null && depth < DEEPEST_CHAIN; depth++) {
            for (ErrorReader reader : readers) {
                Optional<CallReport> report = reader.read(link);
                if (report.isPresent()) {
                    return report.get();
                }
            }
            link = link.getCause();
        }
        return null;
    }

    private static FailureCause cause(Throwable error, @Nullable CallReport report) {
        FailureCause byStatus = report == null ? FailureCause.UNKNOWN : byStatus(report);
        return byStatus == FailureCause.UNKNOWN ? byType(error) : byStatus;
    }

    private static FailureCause byStatus(CallReport report) {
        int status = report.status().orElse(0);
        return switch (status) {
            case 401, 403 -> FailureCause.AUTHENTICATION;
            case 402 -> FailureCause.QUOTA;
            case 408, 504 -> FailureCause.TIMEOUT;
            case 409 -> FailureCause.SERVER_ERROR;
            case 429 ->
                report.code().filter("insufficient_quota"::equals).isPresent()
                        ? FailureCause.QUOTA
                        : FailureCause.RATE_LIMIT;
            case 503, 529 -> FailureCause.OVERLOADED;
            default ->
                status >= 500
                        ? FailureCause.SERVER_ERROR
                        : status >= 400 ? FailureCause.BAD_REQUEST : FailureCause.UNKNOWN;
        };
    }

    private static FailureCause byType(Throwable error) {
        FailureCause first = FailureCause.UNKNOWN;
        Throwable link = error;
        for (int depth = 0; link != null && depth < DEEPEST_CHAIN; depth++) {
            FailureCause cause = ofOne(link);
            if (first == FailureCause.CONNECTION && cause == FailureCause.CANCELLED) {
                return cause; // clients wrap an interruption in an IOException
            }
            first = first == FailureCause.UNKNOWN ? cause : first;
            if (first != FailureCause.UNKNOWN && first != FailureCause.CONNECTION) {
                return first;
            }
            link = link.getCause();
        }
        return first;
    }

    private static FailureCause ofOne(Throwable error) {
        if (error instanceof UnacceptableResultException) {
            return FailureCause.QUALITY;
        }
        if (error instanceof InterruptedException
                || error instanceof CancellationException
                || error instanceof ClosedByInterruptException) {
            return FailureCause.CANCELLED;
        }
        if (error instanceof Error || error instanceof CallRejectedException) {
            return FailureCause.LOCAL_ERROR;
        }
        if (error instanceof IOException && Thread.currentThread().isInterrupted()) {
            return FailureCause.CANCELLED; // a virtual thread's socket closes when its caller gives up
        }
        if (error instanceof TimeoutException
                || error instanceof InterruptedIOException
                || error instanceof HttpTimeoutException) {
            return FailureCause.TIMEOUT;
        }
        if (error instanceof IOException) {
            return FailureCause.CONNECTION;
        }
        return FailureCause.UNKNOWN;
    }
}
