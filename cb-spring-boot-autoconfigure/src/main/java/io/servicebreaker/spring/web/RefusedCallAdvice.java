package io.servicebreaker.spring.web;

import io.servicebreaker.call.CallRejectedException;
import io.servicebreaker.call.RejectionScope;
import java.time.Duration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/**
 * Turns a refused call into a problem document (RFC 9457), on Spring MVC and WebFlux alike. Last in order: an
 * application's own handler wins.
 */
@RestControllerAdvice
@Order(Ordered.LOWEST_PRECEDENCE)
final class RefusedCallAdvice {

    /** Also when it is the cause of what was thrown, as futures wrap it. */
    @ExceptionHandler(CallRejectedException.class)
    ResponseEntity<ProblemDetail> refused(CallRejectedException refusal) {
        HttpStatus status = status(refusal);
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, detail(refusal));
        problem.setProperty("service", refusal.service());
        problem.setProperty("reason", refusal.reason());
        problem.setProperty("scope", refusal.scope());
        HttpHeaders headers = new HttpHeaders();
        refusal.retryAfter().ifPresent(wait -> headers.set(HttpHeaders.RETRY_AFTER, seconds(wait)));
        return new ResponseEntity<>(problem, headers, status);
    }

    /** Without the explanation, which holds thresholds and an operator's words: strangers may read this. */
    private static String detail(CallRejectedException refusal) {
        String wait = refusal.retryAfter()
                .map(time -> "; try again in " + seconds(time) + " s")
                .orElse("");
        return "Call to '" + refusal.service() + "' refused: " + refusal.reason() + wait;
    }

    /** Too many requests are the caller's to mend, by pace or budget; the rest is ours. */
    private static HttpStatus status(CallRejectedException refusal) {
        if (refusal.scope() == RejectionScope.BUDGET) {
            return HttpStatus.TOO_MANY_REQUESTS;
        }
        return switch (refusal.reason()) {
            case RATE_LIMITED, QUOTA_EXHAUSTED, TOKEN_BUDGET -> HttpStatus.TOO_MANY_REQUESTS;
            default -> HttpStatus.SERVICE_UNAVAILABLE;
        };
    }

    /** Rounded up: who comes too early is refused again. */
    private static String seconds(Duration wait) {
        return Long.toString(Math.max(1, wait.plusNanos(999_999_999).toSeconds()));
    }
}
