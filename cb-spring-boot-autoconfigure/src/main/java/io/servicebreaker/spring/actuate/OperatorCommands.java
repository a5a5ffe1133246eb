package io.servicebreaker.spring.actuate;

import io.servicebreaker.breaker.Breaker;
import io.servicebreaker.breaker.BreakerState;
import io.servicebreaker.breaker.OperatorCommanded.Command;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checks what an operator asks of a breaker, does it and leaves a trace of it. */
final class OperatorCommands {

    private static final Duration LONGEST = Duration.ofDays(365);

    private final CommandRoles roles;
    private final CommandTrail trail;

    OperatorCommands(CommandRoles roles, CommandTrail trail) {
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
        Command command = CommandRequest.oneOf(Command.class, "updateState", request.updateState());
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

    private static @Nullable Duration expiry(Command command, CommandRequest request) {
        boolean neverExpires = command == Command.CLOSE || command == Command.RESET;
        String text = request.expiresIn();
        if (neverExpires && text != null && !text.isBlank()) {
            throw CommandException.wrong(
                    "expiresIn is '" + text + "'", List.of("nothing: " + command + " does not expire"));
        }
        return request.expiry(LONGEST);
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
}
