package io.servicebreaker.spring.stream;

import io.servicebreaker.call.CallReport;
import io.servicebreaker.provider.StreamErrorReader;
import io.servicebreaker.spring.ErrorWords;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.util.ClassUtils;

/**
 * Reads events that tell of an error: those named so, and those without a name whose data is an error and nothing else,
 * as in OpenAI's chat completions.
 */
final class EventErrors implements StreamErrorReader {

    private static final boolean JACKSON =
            ClassUtils.isPresent("tools.jackson.databind.json.JsonMapper", EventErrors.class.getClassLoader());

    @Override
    public Optional<CallReport> read(Object element) {
        if (!(element instanceof ServerSentEvent<?> event)) {
            return Optional.empty();
        }
        boolean named = "error".equals(event.event());
        if (!named && (event.event() != null || !looksLikeAnError(event.data()))) {
            return Optional.empty();
        }
        Map<?, ?> data = fields(event.data());
        return named || data.get("error") != null ? Optional.of(report(data)) : Optional.empty();
    }

    /** Without parsing each piece of an answer. */
    private static boolean looksLikeAnError(@Nullable Object data) {
        return data instanceof Map<?, ?> fields
                ? fields.get("error") != null
                : data instanceof String text && text.startsWith("{\"error\"");
    }

    private static Map<?, ?> fields(@Nullable Object data) {
        if (data instanceof Map<?, ?> fields) {
            return fields;
        }
        return JACKSON && data != null ? JsonFields.of(data) : Map.of();
    }

    private static CallReport report(Map<?, ?> data) {
        Map<?, ?> error = data.get("error") instanceof Map<?, ?> nested ? nested : data;
        String type = text(error.get("type"));
        return new ErrorWords(
                        null,
                        text(error.get("code")),
                        "error".equals(type) ? null : type, // that of the event
                        text(error.get("message")))
                .asAnswer();
    }

    private static @Nullable String text(@Nullable Object value) {
        return value instanceof Integer || (value instanceof String words && !words.isBlank())
                ? value.toString()
                : null;
    }
}
