package io.servicebreaker.spring.openai;

import com.openai.core.http.Headers;
import com.openai.core.http.HttpResponse;
import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.spring.AnswerReader;
import io.servicebreaker.spring.AnswerStream;
import io.servicebreaker.spring.ErrorReport;
import io.servicebreaker.spring.Exchange;
import io.servicebreaker.spring.Exchanges;
import io.servicebreaker.spring.ReportedHeaders;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells exchanges what is in responses. */
record Hearing(Exchanges exchanges, ReportedHeaders reported, InternalFaults faults) {

    /** The response for the client, which tells the exchange the rest of it. */
    HttpResponse heard(HttpResponse response, Exchange exchange) {
        try {
            return response.statusCode() < 400 ? answer(response, exchange) : error(response, exchange);
        } catch (RuntimeException | Error e) {
            faults.record("response of openai-java", e);
            exchange.completed();
            return response;
        }
    }

    private HttpResponse answer(HttpResponse response, Exchange exchange) {
        Headers headers = response.headers();
        exchange.began(reported.addTo(
                CallReport.ofStatus(response.statusCode()), headers.names(), name -> first(headers, name)));
        AnswerReader reader = AnswerReader.of(exchange, first(headers, "Content-Type"), faults);
        return new HeardResponse(response, headers, new AnswerStream(response.body(), reader));
    }

    /** The SDK does not look at the body of an error after which it tries again. */
    private HttpResponse error(HttpResponse response, Exchange exchange) {
        Headers headers = response.headers();
        InputStream body = response.body();
        byte[] beginning = beginning(body);
        exchange.refused(ErrorReport.of(
                        response.statusCode(), headers.names(), name -> first(headers, name), beginning, reported)
                .orElse(CallReport.EMPTY));
        return new HeardResponse(
                response,
                headersFor(exchange, headers),
                new SequenceInputStream(new ByteArrayInputStream(beginning), body));
    }

    /** What the SDK understands: it would wait, and then be refused. */
    private Headers headersFor(Exchange exchange, Headers headers) {
        return exchanges.isRepeatable(exchange)
                ? headers
                : headers.toBuilder().replace("X-Should-Retry", "false").build();
    }

    private static byte[] beginning(InputStream body) {
        try {
            return body.readNBytes(ErrorReport.LONGEST_BODY);
        } catch (IOException e) {
            return new byte[0]; // the SDK meets the same
        }
    }

    static @Nullable String first(Headers headers, String name) {
        List<String> values = headers.values(name);
        return values.isEmpty() ? null : values.get(0);
    }
}
