package io.servicebreaker.spring.langchain4j;

import dev.langchain4j.exception.HttpException;
import io.servicebreaker.call.CallReport;
import io.servicebreaker.provider.ErrorReader;
import io.servicebreaker.spring.ErrorReport;
import io.servicebreaker.spring.ReportedHeaders;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the exception that LangChain4j's own have as their cause: the status, and the body as its message. */
final class HttpExceptionReader implements ErrorReader {

    private final ReportedHeaders reported;

    HttpExceptionReader(ReportedHeaders reported) {
        this.reported = reported;
    }

    @Override
    public Optional<CallReport> read(Throwable error) {
        return error instanceof HttpException answer ? read(answer, Map.of()) : Optional.empty();
    }

    Optional<CallReport> read(HttpException answer, Map<String, List<String>> headers) {
        String body = answer.getMessage() == null ? "" : answer.getMessage();
        return ErrorReport.of(
                answer.statusCode(),
                headers.keySet(),
                name -> first(headers.get(name)),
                body.getBytes(StandardCharsets.UTF_8),
                reported);
    }

    static @Nullable String first(@Nullable List<String> values) {
        return values == null || values.isEmpty() ? null : values.get(0);
    }
}
