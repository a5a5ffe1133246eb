package io.servicebreaker.spring.actuate;

import io.servicebreaker.coordination.ExternalEvent;
import io.servicebreaker.coordination.FailureCorrelation;
import io.servicebreaker.spring.ConfiguredService;
import io.servicebreaker.spring.ConfiguredServices;
import io.servicebreaker.time.TimeSource;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/** Checks what somebody tells of that happened elsewhere, passes it on and leaves a trace of it. */
final class ExternalEventCommands {

    private final FailureCorrelation correlation;
    private final ConfiguredServices services;
    private final TimeSource time;
    private final CommandRoles roles;
    private final CommandTrail trail;

    ExternalEventCommands(
            FailureCorrelation correlation,
            ConfiguredServices services,
            TimeSource time,
            CommandRoles roles,
            CommandTrail trail) {
        this.correlation = correlation;
        this.services = services;
        this.time = time;
        this.roles = roles;
        this.trail = trail;
    }

    /** What is known now. */
    record Posted(ExternalEvent.Type type, @Nullable String service, String reason, Instant at)
            implements OperationResponseBody {}

    /**
     * Something happened.
     *
     * @param type what, by its name
     * @param service service or provider that it is about; null for all
     * @throws CommandException if a value is missing or wrong, or whoever tells may not
     */
    Posted post(@Nullable String type, @Nullable String service, CommandRequest request) {
        if (!roles.isOperator(request.security())) {
            throw trail.denied(request, "the list of events", roles.operator());
        }
        ExternalEvent.Type what = CommandRequest.oneOf(ExternalEvent.Type.class, "type", type);
        String subject = subject(service);
        ExternalEvent event = new ExternalEvent(what, subject, request.why(), time.now());
        correlation.post(event);
        Map<String, String> data = new LinkedHashMap<>();
        data.put("command", what.name());
        data.put("service", subject.isEmpty() ? "*" : subject);
        trail.given(request, what + " of " + (subject.isEmpty() ? "all" : "'" + subject + "'"), null, data);
        return new Posted(what, subject.isEmpty() ? null : subject, event.text(), event.at());
    }

    private String subject(@Nullable String service) {
        if (service == null || service.isBlank()) {
            return "";
        }
        String subject = service.strip();
        List<String> allowed = services.all().stream()
                .flatMap(each -> Stream.of(each.name(), providerOf(each)))
                .distinct()
                .toList();
        if (!allowed.contains(subject)) {
            throw CommandException.wrong(
                    "service is '" + service + "', which is neither a service nor a provider", allowed);
        }
        return subject;
    }

    private static String providerOf(ConfiguredService service) {
        return service.provider().id();
    }
}
