package io.servicebreaker.provider;

import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An error told inside of a stream, for which status 200 had been sent. What it would have been as an answer of its own
 * is inferred from the code or type that it names, so that the same rules judge it.
 */
public final class ErrorEvent {

    private static final int SERVER_ERROR = 500;
    private static final Pattern STATUS = Pattern.compile("[45][0-9]{2}");

    /** By the beginning of the code, of which none begins like another: the nearest before a code is the one. */
    private static final NavigableMap<String, Integer> BY_BEGINNING = new TreeMap<>(Map.ofEntries(
            Map.entry("rate_limit", 429),
            Map.entry("insufficient_quota", 429),
            Map.entry("credit_balance", 429),
            Map.entry("billing_hard_limit", 429),
            Map.entry("billing_not_active", 429),
            Map.entry("enforced_spend_limit", 429),
            Map.entry("organization_spend_limit", 429),
            Map.entry("organization_usage_limit", 429),
            Map.entry("project_spend_limit", 429),
            Map.entry("billing_error", 402),
            Map.entry("authentication", 401),
            Map.entry("invalid_api_key", 401),
            Map.entry("permission", 403),
            Map.entry("not_found", 404),
            Map.entry("model_not_found", 404),
            Map.entry("conflict", 409),
            Map.entry("request_too_large", 413),
            Map.entry("invalid_request", 400),
            Map.entry("invalid_model", 400),
            Map.entry("invalid_prompt", 400),
            Map.entry("context_length", 400),
            Map.entry("string_above_max_length", 400),
            Map.entry("content_filter", 400),
            Map.entry("content_policy", 400),
            Map.entry("timeout", 504),
            Map.entry("slow_down", 503)));

    private ErrorEvent() {}

    /**
     * The status that such an error has where it is the whole answer.
     *
     * @param code the provider's own code or type, or a status in digits; null if it named none
     * @return 400 to 599; 500 for what is not known, since it was the provider that broke off
     */
    public static int status(@Nullable String code) {
        if (code == null) {
            return SERVER_ERROR;
        }
        String name = code.strip().toLowerCase(Locale.ROOT);
        if (STATUS.matcher(name).matches()) {
            return Integer.parseInt(name);
        }
        return name.contains("overloaded") ? 529 : byBeginning(name);
    }

    private static int byBeginning(String name) {
        Map.Entry<String, Integer> nearest = BY_BEGINNING.floorEntry(name);
        return nearest != null && name.startsWith(nearest.getKey()) ? nearest.getValue() : SERVER_ERROR;
    }
}
