package io.servicebreaker.spring.http;

import io.servicebreaker.call.CurrentCall;
import io.servicebreaker.call.OngoingCall;
import io.servicebreaker.spring.AnswerReader;
import io.servicebreaker.spring.AnswerStream;
import io.servicebreaker.spring.BodyReader;
import io.servicebreaker.spring.Exchange;
import io.servicebreaker.spring.JsonRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.URI;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpRequest;
import org.springframework.http.client.ClientHttpRequestExecution;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.http.client.support.HttpRequestWrapper;

/**
 * Guards the requests of a {@code RestClient} or {@code RestTemplate} whose address belongs to a service, and reports
 * those inside a guarded call to it. A bean, and part of the builders that Spring Boot offers; a client that is built in
 * another way takes it as its last interceptor. Safe for use by many threads.
 *
 * <p>A refused request is not sent and fails with {@link io.servicebreaker.call.CallRejectedException}.
 */
public final class GuardedRequests implements ClientHttpRequestInterceptor {

    private static final Logger log = LoggerFactory.getLogger(GuardedRequests.class);

    private final HttpExchanges exchanges;

    GuardedRequests(HttpExchanges exchanges) {
        this.exchanges = exchanges;
    }

    @Override
    public ClientHttpResponse intercept(HttpRequest request, byte[] body, ClientHttpRequestExecution execution)
            throws IOException {
        Exchange exchange = exchanges.begin(request.getURI(), CurrentCall.get(), () -> json(request, body));
        return exchange == null
                ? execution.execute(request, body)
                : exchanged(exchange, request, sent -> execution.execute(sent, body));
    }

    /** Sends a request without its body, which is the same for all. */
    @FunctionalInterface
    private interface Sender {
        ClientHttpResponse send(HttpRequest request) throws IOException;
    }

    private ClientHttpResponse exchanged(Exchange exchange, HttpRequest request, Sender sender) throws IOException {
        HttpRequest sent = addressed(exchange, request);
        OngoingCall around = CurrentCall.enter(exchange.call());
        try {
            ClientHttpResponse response;
            try {
                response = sender.send(sent);
            } catch (Throwable e) {
                exchange.failed(e);
                Exchange other = exchange.instead(e);
                if (other == null) {
                    throw e;
                }
                return exchanged(other, request, sender);
            }
            return answered(exchange, request, response, sender);
        } finally {
            CurrentCall.leave(around);
        }
    }

    /** The address that the application knows stands for all deployments of the service, and for its fallbacks. */
    private HttpRequest addressed(Exchange exchange, HttpRequest request) {
        URI address = exchange.address(request.getURI());
        boolean elsewhere = exchange.isElsewhere(); // which may be at the same address, with another account
        if (!elsewhere && address.equals(request.getURI())) {
            return request;
        }
        HttpHeaders headers = elsewhere ? headersElsewhere(exchange, request) : request.getHeaders();
        return new HttpRequestWrapper(request) {
            @Override
            public URI getURI() {
                return address;
            }

            @Override
            public HttpHeaders getHeaders() {
                return headers;
            }
        };
    }

    private HttpHeaders headersElsewhere(Exchange exchange, HttpRequest request) {
        HttpHeaders headers = HttpHeaders.copyOf(request.getHeaders());
        exchanges.prepare(exchange, headers);
        return headers;
    }

    private static JsonRequest json(HttpRequest request, byte[] body) {
        return JsonRequest.of(request.getHeaders().getFirst(HttpHeaders.CONTENT_TYPE), body);
    }

    private ClientHttpResponse answered(
            Exchange exchange, HttpRequest request, ClientHttpResponse response, Sender sender) throws IOException {
        Exchange other;
        try {
            int status = response.getStatusCode().value();
            if (status < 400) {
                return readAlong(exchanges.began(exchange, status, response.getHeaders()), request, response);
            }
            if (!exchange.mayGoOn()) {
                return refused(exchange, status, response);
            }
            ClientHttpResponse unread = judged(exchange, status, response);
            other = exchange.instead(null);
            if (other == null) {
                return unread;
            }
        } catch (Throwable e) {
            abandon(response); // nobody else will
            exchange.failed(e); // unless it has ended
            throw e;
        }
        abandon(response);
        return exchanged(other, request, sender);
    }

    /**
     * Closing a response may read its body to the end, which may never come. So that is closed first, after which some
     * clients complain that they cannot read it.
     */
    private static void abandon(ClientHttpResponse response) {
        try {
            response.getBody().close();
        } catch (IOException | RuntimeException e) {
            log.trace("The body of an answer that nobody wants", e);
        }
        try {
            response.close();
        } catch (RuntimeException e) {
            log.trace("An answer that nobody wants", e);
        }
    }

    /** Reads what the error says before the client does, which may get the answer of another service. */
    private ClientHttpResponse judged(Exchange exchange, int status, ClientHttpResponse response) throws IOException {
        InputStream body = response.getBody();
        byte[] beginning = ErrorBody.beginning(body);
        exchanges.refused(exchange, status, response.getHeaders(), beginning);
        return new AttendedResponse(
                response, new SequenceInputStream(new ByteArrayInputStream(beginning), body), response::close);
    }

    private ClientHttpResponse refused(Exchange exchange, int status, ClientHttpResponse response) throws IOException {
        return attended(response, new ErrorBody(exchanges, exchange, status, response.getHeaders()), -1);
    }

    private static ClientHttpResponse readAlong(AnswerReader reader, HttpRequest request, ClientHttpResponse response)
            throws IOException {
        HttpHeaders headers = response.getHeaders();
        boolean asWritten = headers.getFirst(HttpHeaders.CONTENT_ENCODING) == null;
        long length = asWritten ? headers.getContentLength() : -1;
        if (length == 0
                || request.getMethod().equals(HttpMethod.HEAD)
                || response.getStatusCode().value() == 204) {
            reader.completed();
            return response;
        }
        return attended(response, reader, length);
    }

    private static ClientHttpResponse attended(ClientHttpResponse response, BodyReader reader, long length)
            throws IOException {
        return new AttendedResponse(response, new AnswerStream(response.getBody(), reader, length), () -> {
            reader.closed();
            response.close();
        });
    }
}
