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
        Optional<Boolean> configured = isRefusal(error) ? Optional.of(false) : rules.judge(error);
        return judged(cause(error, known), known, configured);
    }

    /** A breaker further down refused: nothing was called, whatever the configuration says about exceptions. */
    private static boolean isRefusal(Throwable error) {
        return ExceptionRules.unwrapped(error) instanceof CallRejectedException;
    }

    private Outcome judged(FailureCause cause, @Nullable CallReport report, Optional<Boolean> configured) {
        Duration wait =
                report == null ? null : RetryAfter.read(report, time.now()).orElse(null);
        boolean counts = configured.orElseGet(() -> counts(cause, wait != null));
        Outcome outcome = counts ? Outcome.failure(cause) : Outcome.ignored(cause);
        return outcome.with(wait, report);
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
        Throwable link = error;
        for (int depth = 0; link != null && depth < DEEPEST_CHAIN; depth++) {
            FailureCause cause = ofOne(link);
            if (cause != FailureCause.UNKNOWN) {
                return cause;
            }
            link = link.getCause();
        }
        return FailureCause.UNKNOWN;
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
