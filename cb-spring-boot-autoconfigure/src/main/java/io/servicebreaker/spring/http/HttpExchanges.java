package io.servicebreaker.spring.http;

import io.servicebreaker.call.CallRejectedException;
import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.CurrentCall;
import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.call.OngoingCall;
import io.servicebreaker.spring.AnswerReader;
import io.servicebreaker.spring.ErrorReport;
import io.servicebreaker.spring.Exchange;
import io.servicebreaker.spring.Exchanges;
import io.servicebreaker.spring.JsonRequest;
import io.servicebreaker.spring.ReportedHeaders;
import io.servicebreaker.spring.SecretNames;
import java.net.URI;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/** What both kinds of clients do with their exchanges. Safe for use by many threads. */
final class HttpExchanges {

    private final Supplier<Exchanges> exchanges;
    private final Supplier<ReportedHeaders> reported;
    private final Supplier<List<FallbackHeaders>> fallbackHeaders;
    private final InternalFaults faults;

    /** Asks for the others when the first call is made: clients are built for beans that those may depend on. */
    HttpExchanges(
            Supplier<Exchanges> exchanges,
            Supplier<ReportedHeaders> reported,
            Supplier<List<FallbackHeaders>> fallbackHeaders,
            InternalFaults faults) {
        this.exchanges = exchanges;
        this.reported = reported;
        this.fallbackHeaders = fallbackHeaders;
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
        return ready.beginLadder(url, around, body);
    }

    /**
     * Makes the headers of a request those of one to the service that is asked instead. Whose own they are, they are sent to
     * nobody else. What the application throws ends the exchange, for which the service is not to blame.
     */
    void prepare(Exchange exchange, HttpHeaders headers) {
        OngoingCall around = CurrentCall.enter(exchange.call());
        try {
            removeSecrets(headers);
            String service = exchange.call().request().service();
            fallbackHeaders.get().forEach(more -> more.prepare(service, headers));
        } catch (RuntimeException | Error e) {
            exchange.cancelled();
            throw e;
        } finally {
            CurrentCall.leave(around);
        }
    }

    private static void removeSecrets(HttpHeaders headers) {
        for (String name : List.copyOf(headers.headerNames())) {
            List<String> values = headers.getOrEmpty(name);
            if (name.equalsIgnoreCase(HttpHeaders.HOST)
                    || SecretNames.include(name)
                    || values.stream().anyMatch(SecretNames::isCredential)) {
                headers.remove(name);
            }
        }
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
