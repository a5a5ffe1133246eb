package io.servicebreaker.spring;

import java.util.List;
import java.util.regex.Pattern;

/** What a service may be called: its name is part of the endpoint's addresses. */
final class ServiceNames {

    /** The last part of the endpoint's own addresses. */
    private static final List<String> RESERVED =
            List.of("insights", "budgets", "events", "adjustments", "correlations", "decisions", "emergency");

    private static final Pattern URL_FRIENDLY = Pattern.compile("[A-Za-z0-9._-]+");

    private ServiceNames() {}

    static void check(String name) {
        if (RESERVED.contains(name)) {
            throw invalid(name, "has a name that the endpoint uses for itself (" + String.join(", ", RESERVED) + ")");
        }
        if (!URL_FRIENDLY.matcher(name).matches() || name.equals(".") || name.equals("..")) {
            throw invalid(name, "has a name that does not fit into an address");
        }
    }

    private static InvalidPropertyException invalid(String name, String problem) {
        return new InvalidPropertyException(
                Layers.SERVICES + name,
                null,
                problem,
                "Rename the service; a name has letters, digits, dots, dashes and underscores.");
    }
}
