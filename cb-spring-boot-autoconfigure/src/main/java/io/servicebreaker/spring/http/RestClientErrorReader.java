package io.servicebreaker.spring.http;

import io.servicebreaker.call.CallReport;
import io.servicebreaker.provider.ErrorReader;
import io.servicebreaker.spring.ErrorReport;
import io.servicebreaker.spring.ReportedHeaders;
import java.util.Objects;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.web.client.RestClientResponseException;

/** Reads the exceptions of {@code RestClient} and {@code RestTemplate}. */
final class RestClientErrorReader implements ErrorReader {

    private final ReportedHeaders reported;

    RestClientErrorReader(ReportedHeaders reported) {
        this.reported = reported;
    }

    @Override
    public Optional<CallReport> read(Throwable error) {
        if (!(error instanceof RestClientResponseException response)) {
            return Optional.empty();
        }
        HttpHeaders headers = Objects.requireNonNullElse(response.getResponseHeaders(), HttpHeaders.EMPTY);
        return ErrorReport.of(
                response.getStatusCode().value(),
                headers.headerNames(),
                headers::getFirst,
                response.getResponseBodyAsByteArray(),
                reported);
    }
}
