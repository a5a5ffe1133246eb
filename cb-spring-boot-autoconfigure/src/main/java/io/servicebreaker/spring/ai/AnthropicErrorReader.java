package io.servicebreaker.spring.ai;

import com.anthropic.core.JsonObject;
import com.anthropic.core.JsonString;
import com.anthropic.core.JsonValue;
import com.anthropic.core.http.Headers;
import com.anthropic.errors.AnthropicServiceException;
import com.anthropic.errors.SseException;
import io.servicebreaker.call.CallReport;
import io.servicebreaker.provider.ErrorReader;
import io.servicebreaker.spring.ErrorReport;
import io.servicebreaker.spring.ReportedHeaders;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the exceptions of Anthropic's SDK. */
final class AnthropicErrorReader implements ErrorReader {

    private final ReportedHeaders reported;

    AnthropicErrorReader(ReportedHeaders reported) {
        this.reported = reported;
    }

    @Override
    public Optional<CallReport> read(Throwable error) {
        if (!(error instanceof AnthropicServiceException answer)) {
            return Optional.empty();
        }
        JsonValue told = member(answer.body(), "error");
        String type = text(told, "type");
        String message = text(told, "message");
        if (answer instanceof SseException) {
            return Optional.of(ErrorReport.inStream(null, type, message)); // its status is the stream's: 200
        }
        Headers headers = answer.headers();
        return ErrorReport.of(answer.statusCode(), null, type, message)
                .map(report -> reported.addTo(report, headers.names(), name -> first(headers, name)));
    }

    private static @Nullable String first(Headers headers, String name) {
        List<String> values = headers.values(name);
        return values.isEmpty() ? null : values.get(0);
    }

    private static @Nullable String text(@Nullable JsonValue object, String name) {
        return member(object, name) instanceof JsonString text ? text.value() : null;
    }

    private static @Nullable JsonValue member(@Nullable JsonValue object, String name) {
        return object instanceof JsonObject known ? known.values().get(name) : null;
    }
}
