package io.servicebreaker.sample.simulator;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Limits and waits that nobody can mean, as gateways have really sent some of them. */
final class AbsurdHeaders {

    private static final String PAST = "2001-09-09T01:46:40Z";

    private AbsurdHeaders() {}

    static Map<String, String> all() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("retry-after", "-1");
        headers.put("retry-after-ms", "-1");
        for (String what : List.of("requests", "tokens")) {
            headers.put("x-ratelimit-limit-" + what, "0");
            headers.put("x-ratelimit-remaining-" + what, "-1");
            headers.put("x-ratelimit-reset-" + what, PAST);
        }
        return headers;
    }
}
