package io.servicebreaker.spring.actuate;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.actuate.audit.listener.AuditApplicationEvent;
import org.springframework.context.ApplicationEventPublisher;

/** What commands leave behind: an audit event and a line in the log. */
final class CommandTrail {

    private static final Logger log = LoggerFactory.getLogger(CommandTrail.class);
    private static final String GIVEN = "SERVICE_BREAKER_COMMAND";
    private static final String DENIED = "SERVICE_BREAKER_COMMAND_DENIED";

    private final ApplicationEventPublisher publisher;

    CommandTrail(ApplicationEventPublisher publisher) {
        this.publisher = publisher;
    }

    /**
     * A command has been carried out.
     *
     * @param what it was, for people
     * @param data about it, for machines
     */
    void given(CommandRequest request, String what, @Nullable Duration expiry, Map<String, String> data) {
        log.info(
                "{} gave {}{}: {}",
                oneLine(request.by()),
                what,
                expiry == null ? "" : " for " + expiry,
                oneLine(request.why()));
        Map<String, @Nullable Object> all = new LinkedHashMap<>(data);
        all.put("reason", request.why());
        if (expiry != null) {
            all.put("expiresIn", expiry.toString());
        }
        publisher.publishEvent(new AuditApplicationEvent(request.by(), GIVEN, all));
    }

    /** A command is not carried out because whoever gives it lacks a role. */
    CommandException denied(CommandRequest request, String to, String role) {
        log.warn("{} may not give commands to {}: the role {} is needed", oneLine(request.by()), oneLine(to), role);
        publisher.publishEvent(new AuditApplicationEvent(request.by(), DENIED, "to=" + to, "role=" + role));
        return CommandException.forbidden(role);
    }

    /** Whoever may give a reason must not be able to forge lines of the log with it. */
    private static String oneLine(String text) {
        return text.replaceAll("\\p{Cntrl}", " ");
    }
}
