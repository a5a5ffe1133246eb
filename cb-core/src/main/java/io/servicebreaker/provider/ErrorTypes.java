package io.servicebreaker.provider;

import io.servicebreaker.call.CallRejectedException;
import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.UnacceptableResultException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What the types of exceptions mean for every service alike. The first of the chain that says anything decides, so the
 * wrappers of client libraries and of futures do not matter.
 */
final class ErrorTypes {

    private ErrorTypes() {}

    static FailureCause cause(@Nullable Throwable error) {
        FailureCause first = FailureCause.UNKNOWN;
        Throwable link = error;
        for (int depth = 0; link != null && depth < Evidence.DEEPEST_CHAIN; depth++) {
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
        return error instanceof IOException ? FailureCause.CONNECTION : FailureCause.UNKNOWN;
    }
}
