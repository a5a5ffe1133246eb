package io.servicebreaker.spring.web;

import io.servicebreaker.call.CallRejectedException;
import io.servicebreaker.call.RejectionScope;
import java.lang.reflect.UndeclaredThrowableException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
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

    /**
     * Describes a refusal that comes bare or as a future or proxy wraps it.
     *
     * <p>Spring also asks when the refusal is some cause of what was thrown. An exception of the application around it
     * is the application's own word on what the caller should see, so it is thrown again, which tells Spring to ask the
     * next who handles exceptions.
     *
     * @param thrown the outermost exception: Spring gives the first of the chain that fits the parameter
     */
    @ExceptionHandler(CallRejectedException.class)
    ResponseEntity<ProblemDetail> refused(CallRejectedException refusal, Throwable thrown) throws Throwable {
        if (unwrapped(thrown) != refusal) {
            throw thrown;
        }
        return describe(refusal);
    }

    private static Throwable unwrapped(Throwable thrown) {
        Throwable inner = thrown;
        while (isWrapper(inner) && inner.getCause() != null) {
            inner = inner.getCause();
        }
        return inner;
    }

    private static boolean isWrapper(Throwable thrown) {
        return thrown instanceof CompletionException
                || thrown instanceof ExecutionException
                || thrown instanceof UndeclaredThrowableException;
    }

    private static ResponseEntity<ProblemDetail> describe(CallRejectedException refusal) {
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
