package io.servicebreaker.spring.http;

import io.servicebreaker.call.CallReport;
import io.servicebreaker.provider.ErrorReader;
import io.servicebreaker.spring.ErrorReport;
import io.servicebreaker.spring.ReportedHeaders;
import java.util.Optional;
import org.springframework.web.reactive.function.client.WebClientResponseException;

/** Reads the exceptions of {@code WebClient}. */
final class WebClientErrorReader implements ErrorReader {

    private final ReportedHeaders reported;

    WebClientErrorReader(ReportedHeaders reported) {
        this.reported = reported;
    }

    @Override
    public Optional<CallReport> read(Throwable error) {
        return error instanceof WebClientResponseException response
                ? ErrorReport.of(
                        response.getStatusCode().value(),
                        response.getHeaders().headerNames(),
                        response.getHeaders()::getFirst,
                        response.getResponseBodyAsByteArray(),
                        reported)
                : Optional.empty();
    }
}
