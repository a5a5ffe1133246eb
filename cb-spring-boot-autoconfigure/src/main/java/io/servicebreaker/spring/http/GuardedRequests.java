package io.servicebreaker.spring.http;

import io.servicebreaker.call.CurrentCall;
import io.servicebreaker.call.OngoingCall;
import io.servicebreaker.spring.AnswerReader;
import io.servicebreaker.spring.AnswerStream;
import io.servicebreaker.spring.BodyReader;
import io.servicebreaker.spring.Exchange;
import io.servicebreaker.spring.JsonRequest;
import java.io.IOException;
import java.net.URI;
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

    private final HttpExchanges exchanges;

    GuardedRequests(HttpExchanges exchanges) {
        this.exchanges = exchanges;
    }

    @Override
    public ClientHttpResponse intercept(HttpRequest request, byte[] body, ClientHttpRequestExecution execution)
            throws IOException {
        Exchange exchange = exchanges.begin(request.getURI(), CurrentCall.get(), () -> json(request, body));
        if (exchange == null) {
            return execution.execute(request, body);
        }
        OngoingCall around = CurrentCall.enter(exchange.call());
        try {
            return answered(exchange, request, execution.execute(atItsBackend(exchange, request), body));
        } catch (Throwable e) {
            exchange.failed(e);
            throw e;
        } finally {
            CurrentCall.leave(around);
        }
    }

    /** The address that the application knows stands for all deployments of the service. */
    private static HttpRequest atItsBackend(Exchange exchange, HttpRequest request) {
        URI address = exchange.address(request.getURI());
        if (address.equals(request.getURI())) {
            return request;
        }
        return new HttpRequestWrapper(request) {
            @Override
            public URI getURI() {
                return address;
            }
        };
    }

    private static JsonRequest json(HttpRequest request, byte[] body) {
        return JsonRequest.of(request.getHeaders().getFirst(HttpHeaders.CONTENT_TYPE), body);
    }

    private ClientHttpResponse answered(Exchange exchange, HttpRequest request, ClientHttpResponse response)
            throws IOException {
        try {
            int status = response.getStatusCode().value();
            return status < 400
                    ? readAlong(exchanges.began(exchange, status, response.getHeaders()), request, response)
                    : refused(exchange, status, response);
        } catch (Throwable e) {
            response.close(); // nobody else will
            throw e;
        }
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
