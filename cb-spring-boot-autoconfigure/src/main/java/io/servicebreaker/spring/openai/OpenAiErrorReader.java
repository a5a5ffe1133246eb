package io.servicebreaker.spring.openai;

import com.openai.core.JsonObject;
import com.openai.core.JsonString;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.SseException;
import io.servicebreaker.call.CallReport;
import io.servicebreaker.provider.ErrorReader;
import io.servicebreaker.spring.ErrorReport;
import io.servicebreaker.spring.ReportedHeaders;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the exceptions of OpenAI's SDK. */
final class OpenAiErrorReader implements ErrorReader {

    private final ReportedHeaders reported;

    OpenAiErrorReader(ReportedHeaders reported) {
        this.reported = reported;
    }

    @Override
    public Optional<CallReport> read(Throwable error) {
        if (!(error instanceof OpenAIServiceException answer)) {
            return Optional.empty();
        }
        String code = answer.code().orElse(null);
        String type = answer.type().orElse(null);
        if (answer instanceof SseException) {
            return Optional.of(ErrorReport.inStream(code, type, message(answer))); // its status is the stream's: 200
        }
        return ErrorReport.of(answer.statusCode(), code, type, message(answer))
                .map(report -> reported.addTo(
                        report, answer.headers().names(), name -> Hearing.first(answer.headers(), name)));
    }

    private static @Nullable String message(OpenAIServiceException answer) {
        return answer.body() instanceof JsonObject body && body.values().get("message") instanceof JsonString message
                ? message.value()
                : null;
    }
}
