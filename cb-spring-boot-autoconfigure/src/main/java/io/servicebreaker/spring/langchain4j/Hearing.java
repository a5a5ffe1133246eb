package io.servicebreaker.spring.langchain4j;

import dev.langchain4j.exception.HttpException;
import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.spring.AnswerReader;
import io.servicebreaker.spring.Exchange;
import io.servicebreaker.spring.JsonRequest;
import io.servicebreaker.spring.ReportedHeaders;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tells exchanges what is in requests and responses. */
record Hearing(ReportedHeaders reported, InternalFaults faults) {

    /** What a request says. */
    static JsonRequest json(HttpRequest request) {
        String body = request.body();
        return body == null ? JsonRequest.UNKNOWN : JsonRequest.of(body.getBytes(StandardCharsets.UTF_8));
    }

    /** The head of an answer has arrived. Returns who is to read the rest, or null if we are broken. */
    @Nullable
    AnswerReader begun(SuccessfulHttpResponse response, Exchange exchange) {
        try {
            Map<String, List<String>> headers = response.headers();
            exchange.began(reported.addTo(
                    CallReport.ofStatus(response.statusCode()),
                    headers.keySet(),
                    name -> HttpExceptionReader.first(headers.get(name))));
            return AnswerReader.of(exchange, response.contentType(), faults);
        } catch (RuntimeException | Error e) {
            faults.record("response of LangChain4j", e);
            return null;
        }
    }

    /** A whole answer has arrived. */
    void answered(SuccessfulHttpResponse response, Exchange exchange) {
        AnswerReader reader = begun(response, exchange);
        if (reader == null) {
            exchange.completed();
            return;
        }
        byte[] body = response.bodyBytes();
        if (body != null) {
            reader.read(body, 0, body.length);
        }
        reader.completed();
    }

    /** There was no answer, or an error. */
    void failed(Throwable error, ErrorHead head, Exchange exchange) {
        Optional<CallReport> report = error instanceof HttpException answer
                ? new HttpExceptionReader(reported).read(answer, head.headers())
                : Optional.empty();
        report.ifPresentOrElse(exchange::refused, () -> exchange.failed(error));
    }
}
