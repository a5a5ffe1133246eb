package io.servicebreaker.spring;

import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.OngoingCall;
import io.servicebreaker.call.Outcome;
import org.jspecify.annotations.Nullable;

/** A service has answered with an error: what its client makes an exception of, if it does, comes later. */
final class FailedAnswerException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    FailedAnswerException(OngoingCall call) {
        super("'" + call.request().service() + "' answered with " + what(call.failure()), null, false, false);
    }

    private static String what(@Nullable Outcome failure) {
        CallReport report = failure == null ? null : failure.report();
        int status = report == null ? 0 : report.status().orElse(0);
        return status == 0 ? "an error" : "status " + status;
    }
}
