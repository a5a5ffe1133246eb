package io.servicebreaker.spring.http;

import java.io.IOException;
import java.io.InputStream;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.client.ClientHttpResponse;

/** A response whose body and closing are attended to. */
final class AttendedResponse implements ClientHttpResponse {

    private final ClientHttpResponse response;
    private final InputStream body;
    private final Runnable close;

    AttendedResponse(ClientHttpResponse response, InputStream body, Runnable close) {
        this.response = response;
        this.body = body;
        this.close = close;
    }

    @Override
    public HttpStatusCode getStatusCode() throws IOException {
        return response.getStatusCode();
    }

    @Override
    public String getStatusText() throws IOException {
        return response.getStatusText();
    }

    @Override
    public HttpHeaders getHeaders() {
        return response.getHeaders();
    }

    @Override
    public InputStream getBody() {
        return body;
    }

    @Override
    public void close() {
        close.run();
    }
}
