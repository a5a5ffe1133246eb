package io.servicebreaker.spring.http;

import io.servicebreaker.call.CallRejectedException;
import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.call.OngoingCall;
import io.servicebreaker.spring.AnswerReader;
import io.servicebreaker.spring.ErrorReport;
import io.servicebreaker.spring.Exchange;
import io.servicebreaker.spring.Exchanges;
import io.servicebreaker.spring.JsonRequest;
import io.servicebreaker.spring.ReportedHeaders;
import java.net.URI;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/** What both kinds of clients do with their exchanges. Safe for use by many threads. */
final class HttpExchanges {

    private final Supplier<Exchanges> exchanges;
    private final Supplier<ReportedHeaders> reported;
    private final InternalFaults faults;

    /** Asks for the others when the first call is made: clients are built for beans that those may depend on. */
    HttpExchanges(Supplier<Exchanges> exchanges, Supplier<ReportedHeaders> reported, InternalFaults faults) {
        this.exchanges = exchanges;
        this.reported = reported;
        this.faults = faults;
    }

    /**
     * Begins an exchange; null if it is none of our business, or if we are broken.
     *
     * @throws CallRejectedException if it is refused
     */
    @Nullable
    Exchange begin(URI url, @Nullable OngoingCall around, Supplier<JsonRequest> body) {
        Exchanges ready;
        try {
            ready = exchanges.get();
        } catch (RuntimeException | Error e) {
            faults.record("exchanges of clients", e);
            return null;
        }
        return ready.begin(url, around, body);
    }

    /** The answer is an error, of whose body no more than the beginning was read. */
    void refused(Exchange exchange, int status, HttpHeaders headers, byte[] body) {
        try {
            ErrorReport.of(status, headers.headerNames(), headers::getFirst, body, reported.get())
                    .ifPresentOrElse(exchange::refused, exchange::cancelled);
        } catch (RuntimeException | Error e) {
            faults.record("error of a client", e);
            exchange.refused(CallReport.ofStatus(status));
        }
    }

    /** The head of an answer has come that is no error. */
    AnswerReader began(Exchange exchange, int status, HttpHeaders headers) {
        try {
            exchange.began(reported.get().addTo(CallReport.ofStatus(status), headers.headerNames(), headers::getFirst));
        } catch (RuntimeException | Error e) {
            faults.record("answer of a client", e);
        }
        return AnswerReader.of(exchange, headers.getFirst(HttpHeaders.CONTENT_TYPE), faults);
    }
}
