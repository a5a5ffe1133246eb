package io.servicebreaker.spring.http;

import io.servicebreaker.call.CallReport;
import io.servicebreaker.provider.ErrorReader;
import java.util.Optional;
import org.springframework.web.reactive.function.client.WebClientResponseException;

/** Reads the exceptions of {@code WebClient}. */
final class WebClientErrorReader implements ErrorReader {

    @Override
    public Optional<CallReport> read(Throwable error) {
        return error instanceof WebClientResponseException response
                ? ErrorReport.of(
                        response.getStatusCode().value(), response.getHeaders(), response.getResponseBodyAsByteArray())
                : Optional.empty();
    }
}
