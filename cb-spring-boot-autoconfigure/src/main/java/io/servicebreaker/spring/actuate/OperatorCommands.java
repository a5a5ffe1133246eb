package io.servicebreaker.spring.actuate;

import io.servicebreaker.adaptive.ThresholdAdjuster;
import io.servicebreaker.breaker.Breaker;
import io.servicebreaker.breaker.BreakerState;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checks what an operator asks of a breaker, does it and leaves a trace of it. */
final class OperatorCommands {

    private static final Duration LONGEST = Duration.ofDays(365);

    private final ThresholdAdjuster adjuster;
    private final CommandRoles roles;
    private final CommandTrail trail;

    /** What an operator can ask for. */
    private enum Wish {
        FORCE_OPEN,
        CLOSE,
        DISABLE,
        OBSERVE,
        RESET,
        UNDO_ADJUSTMENT
    }

    OperatorCommands(ThresholdAdjuster adjuster, CommandRoles roles, CommandTrail trail) {
        this.adjuster = adjuster;
        this.roles = roles;
        this.trail = trail;
    }

    /**
     * Carries out a command.
     *
     * @throws CommandException if a value is missing or wrong, or whoever asks may not
     */
    void give(Breaker breaker, CommandRequest request) {
        String to = "the breaker of '" + breaker.service() + "'";
        if (!roles.isOperator(request.security())) {
            throw trail.denied(request, to, roles.operator());
        }
        Wish command = CommandRequest.oneOf(Wish.class, "updateState", request.updateState());
        String why = request.why();
        Duration expiry = expiry(command, request);
        BreakerState before = breaker.state();
        carryOut(breaker, command, why, expiry);
        Map<String, String> data = new LinkedHashMap<>();
        data.put("service", breaker.service());
        data.put("command", command.name());
        data.put("from", before.name());
        data.put("to", breaker.state().name());
        trail.given(request, command + " to " + to, expiry, data);
    }

    private static @Nullable Duration expiry(Wish command, CommandRequest request) {
        boolean neverExpires = command == Wish.CLOSE || command == Wish.RESET;
        String text = request.expiresIn();
        if (neverExpires && text != null && !text.isBlank()) {
            throw CommandException.wrong(
                    "expiresIn is '" + text + "'", List.of("nothing: " + command + " does not expire"));
        }
        return request.expiry(LONGEST);
    }

    private void carryOut(Breaker breaker, Wish command, String reason, @Nullable Duration expiry) {
        switch (command) {
            case FORCE_OPEN -> breaker.forceOpen(reason, expiry);
            case CLOSE -> breaker.close(reason, expiry);
            case DISABLE -> breaker.disable(reason, expiry);
            case OBSERVE -> breaker.observe(reason, expiry);
            case RESET -> breaker.reset(reason, expiry);
            case UNDO_ADJUSTMENT -> undo(breaker.service(), reason, expiry);
        }
    }

    private void undo(String service, String reason, @Nullable Duration rest) {
        if (adjuster.settings(service).isEmpty()) {
            throw CommandException.wrong(
                    "'" + service + "' is never adjusted",
                    List.of(
                            "services whose adaptive-thresholds is true, that have no backends, while adaptive.mode is not off"));
        }
        adjuster.undo(service, reason, rest == null ? ThresholdAdjuster.REST_AFTER_UNDOING : rest);
    }
}
