package io.servicebreaker.spring.http;

import io.servicebreaker.call.CallReport;
import io.servicebreaker.provider.ErrorReader;
import java.util.Optional;
import java.util.Set;
import org.springframework.web.reactive.function.client.WebClientResponseException;

/** Reads the exceptions of {@code WebClient}. */
final class WebClientErrorReader implements ErrorReader {

    private final Set<String> limitHeaders;

    /** Creates a reader that also reads these headers, named in lower case. */
    WebClientErrorReader(Set<String> limitHeaders) {
        this.limitHeaders = limitHeaders;
    }

    @Override
    public Optional<CallReport> read(Throwable error) {
        return error instanceof WebClientResponseException response
                ? ErrorReport.of(
                        response.getStatusCode().value(),
                        response.getHeaders(),
                        response.getResponseBodyAsByteArray(),
                        limitHeaders)
                : Optional.empty();
    }
}
