package io.servicebreaker.sample.simulator;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads the JSON that switches a fault of one provider on. */
final class FaultSettingReader {

    private static final Set<String> FIELDS =
            new TreeSet<>(Set.of("fault", "retryAfter", "errorRate", "latency", "model"));
    private static final String DURATIONS = "a duration with its unit, such as 500ms, 20s or PT20S, up to 24h";
    private static final Duration LONGEST = Duration.ofDays(1);

    private final ProviderApi api;

    FaultSettingReader(ProviderApi api) {
        this.api = api;
    }

    FaultSetting read(ObjectNode json) throws InvalidFieldException {
        for (Map.Entry<String, JsonNode> field : json.properties()) {
            if (!FIELDS.contains(field.getKey())) {
                throw InvalidFieldException.unknown(field.getKey(), text(field.getValue()), String.join(", ", FIELDS));
            }
        }
        Fault fault = fault(json.path("fault"));
        return new FaultSetting(
                fault,
                errorRate(json.path("errorRate")),
                duration("retryAfter", json.path("retryAfter")),
                latency(fault, json.path("latency")),
                model(json.path("model")));
    }

    private static @Nullable Duration latency(Fault fault, JsonNode node) throws InvalidFieldException {
        if (fault.hangs() && !isAbsent(node)) {
            throw InvalidFieldException.wrong(
                    "latency", text(node), "none with " + fault.label() + ", which does not answer");
        }
        return duration("latency", node);
    }

    private Fault fault(JsonNode node) throws InvalidFieldException {
        String known = api.faults().stream().map(Fault::label).collect(Collectors.joining(", "));
        if (isAbsent(node)) {
            throw InvalidFieldException.missing("fault", known);
        }
        return Fault.labelled(text(node))
                .filter(api.faults()::contains)
                .orElseThrow(() -> InvalidFieldException.wrong("fault", text(node), known));
    }

    private @Nullable String model(JsonNode node) throws InvalidFieldException {
        if (isAbsent(node)) {
            return null;
        }
        if (!api.models().contains(text(node))) {
            throw InvalidFieldException.wrong("model", text(node), models());
        }
        return text(node);
    }

    private String models() {
        return api.models().isEmpty()
                ? "none with this provider, whose requests name no model"
                : String.join(", ", api.models());
    }

    private static double errorRate(JsonNode node) throws InvalidFieldException {
        if (isAbsent(node)) {
            return 1;
        }
        if (!node.isNumber() || node.doubleValue() < 0 || node.doubleValue() > 1) {
            throw InvalidFieldException.wrong("errorRate", text(node), "a number from 0 to 1");
        }
        return node.doubleValue();
    }

    private static @Nullable Duration duration(String field, JsonNode node) throws InvalidFieldException {
        if (isAbsent(node)) {
            return null;
        }
        Duration duration = node.isString() ? parse(node.stringValue()) : null;
        if (duration == null || duration.isNegative() || duration.compareTo(LONGEST) > 0) {
            throw InvalidFieldException.wrong(field, text(node), DURATIONS);
        }
        return duration;
    }

    private static @Nullable Duration parse(String text) {
        // A number alone would mean milliseconds to Spring, but seconds to whoever thinks of Retry-After.
        if (text.chars().noneMatch(Character::isLetter)) {
            return null;
        }
        try {
            return DurationStyle.detectAndParse(text);
        } catch (IllegalArgumentException | ArithmeticException ex) {
            return null;
        }
    }

    private static boolean isAbsent(JsonNode node) {
        return node.isMissingNode() || node.isNull();
    }

    private static String text(JsonNode node) {
        return node.isString() ? node.stringValue() : Json.write(node);
    }
}
