package io.servicebreaker.spring.actuate;

import io.servicebreaker.breaker.Breaker;
import io.servicebreaker.breaker.BreakerState;
import io.servicebreaker.breaker.OperatorCommanded.Command;
import java.security.Principal;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.actuate.audit.listener.AuditApplicationEvent;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.context.ApplicationEventPublisher;

/** Checks what an operator asks for, does it and leaves a trace of it: an audit event and a line in the log. */
final class OperatorCommands {

    private static final Logger log = LoggerFactory.getLogger(OperatorCommands.class);

    private static final String AUDIT_TYPE = "SERVICE_BREAKER_COMMAND";
    private static final Duration LONGEST = Duration.ofDays(365);

    private final ApplicationEventPublisher publisher;

    OperatorCommands(ApplicationEventPublisher publisher) {
        this.publisher = publisher;
    }

    /** A request that cannot be carried out. */
    static final class BadCommandException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final transient List<String> allowed;

        BadCommandException(String message, List<String> allowed) {
            super(message, null, false, false);
            this.allowed = allowed;
        }

        List<String> allowed() {
            return allowed;
        }
    }

    /**
     * Carries out a command.
     *
     * @throws BadCommandException if a value is missing or wrong
     */
    void give(
            Breaker breaker,
            @Nullable String updateState,
            @Nullable String reason,
            @Nullable String expiresIn,
            @Nullable Principal principal) {
        Command command = command(updateState);
        String why = reason(reason);
        Duration expiry = expiry(command, expiresIn);
        BreakerState before = breaker.state();
        carryOut(breaker, command, why, expiry);
        audit(breaker, command, why, expiry, before, principal == null ? "anonymous" : principal.getName());
    }

    private static Command command(@Nullable String text) {
        List<String> allowed =
                Arrays.stream(Command.values()).map(Command::name).toList();
        if (text == null) {
            throw new BadCommandException("updateState is missing", allowed);
        }
        String name = text.strip().toUpperCase(Locale.ROOT).replace('-', '_');
        return Arrays.stream(Command.values())
                .filter(command -> command.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new BadCommandException("updateState is '" + text + "'", allowed));
    }

    private static String reason(@Nullable String text) {
        if (text == null || text.isBlank()) {
            throw new BadCommandException("reason is missing", List.of("a sentence for whoever asks why"));
        }
        return text.strip();
    }

    private static @Nullable Duration expiry(Command command, @Nullable String text) {
        if (text == null || text.isBlank()) {
            return null;
        }
        if (command == Command.CLOSE || command == Command.RESET) {
            throw new BadCommandException(
                    "expiresIn is '" + text + "'", List.of("nothing: " + command + " does not expire"));
        }
        return duration(text)
                .filter(expiry -> !expiry.isNegative() && !expiry.isZero() && expiry.compareTo(LONGEST) <= 0)
                .orElseThrow(() -> new BadCommandException(
                        "expiresIn is '" + text + "'",
                        List.of("a positive duration with its unit, such as PT10M or 10m, of at most " + LONGEST)));
    }

    private static Optional<Duration> duration(String text) {
        // To Spring a number alone is milliseconds, to an operator anything else.
        if (text.chars().noneMatch(Character::isLetter)) {
            return Optional.empty();
        }
        try {
            return Optional.of(DurationStyle.detectAndParse(text.strip()));
        } catch (IllegalArgumentException | ArithmeticException e) {
            return Optional.empty();
        }
    }

    private static void carryOut(Breaker breaker, Command command, String reason, @Nullable Duration expiry) {
        switch (command) {
            case FORCE_OPEN -> breaker.forceOpen(reason, expiry);
            case CLOSE -> breaker.close(reason, expiry);
            case DISABLE -> breaker.disable(reason, expiry);
            case OBSERVE -> breaker.observe(reason, expiry);
            case RESET -> breaker.reset(reason, expiry);
        }
    }

    private void audit(
            Breaker breaker,
            Command command,
            String reason,
            @Nullable Duration expiry,
            BreakerState before,
            String principal) {
        log.info(
                "{} gave {} to the breaker of '{}'{}: {}",
                oneLine(principal),
                command,
                breaker.service(),
                expiry == null ? "" : " for " + expiry,
                oneLine(reason));
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("service", breaker.service());
        data.put("command", command.name());
        data.put("reason", reason);
        data.put("from", before.name());
        data.put("to", breaker.state().name());
        if (expiry != null) {
            data.put("expiresIn", expiry.toString());
        }
        publisher.publishEvent(new AuditApplicationEvent(principal, AUDIT_TYPE, data));
    }

    /** Whoever may give a reason must not be able to forge lines of the log with it. */
    private static String oneLine(String text) {
        return text.replaceAll("\\p{Cntrl}", " ");
    }
}
