package io.servicebreaker.spring.ai;

import io.servicebreaker.call.CallReport;
import io.servicebreaker.provider.ErrorReader;
import io.servicebreaker.spring.ErrorReport;
import io.servicebreaker.spring.ReportedHeaders;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the exceptions that Spring AI makes itself of HTTP errors, of which it tells status and body in words. By name,
 * since they are in a module of their own.
 */
final class AiErrorReader implements ErrorReader {

    private static final String TRANSIENT = "org.springframework.ai.retry.TransientAiException";
    private static final String NON_TRANSIENT = "org.springframework.ai.retry.NonTransientAiException";
    private static final Pattern WORDS = Pattern.compile("(?:HTTP )?([1-5]\\d{2}) - (.*)", Pattern.DOTALL);

    @Override
    public Optional<CallReport> read(Throwable error) {
        String message = error.getMessage();
        if (message == null || !isSpringAis(error.getClass())) {
            return Optional.empty();
        }
        Matcher words = WORDS.matcher(message);
        return words.matches()
                ? ErrorReport.of(
                        Integer.parseInt(words.group(1)),
                        List.of(),
                        name -> null,
                        words.group(2).getBytes(StandardCharsets.UTF_8),
                        ReportedHeaders.USUAL)
                : Optional.empty();
    }

    private static boolean isSpringAis(Class<?> type) {
        for (Class<?> ancestor = type; ancestor != Throwable.class; ancestor = ancestor.getSuperclass()) {
            if (ancestor.getName().equals(TRANSIENT) || ancestor.getName().equals(NON_TRANSIENT)) {
                return true;
            }
        }
        return false;
    }
}
