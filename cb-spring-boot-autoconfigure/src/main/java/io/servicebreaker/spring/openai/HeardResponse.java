package io.servicebreaker.spring.openai;

import com.openai.core.http.Headers;
import com.openai.core.http.HttpResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** A response with its body seen by us. */
record HeardResponse(HttpResponse response, Headers headers, InputStream body) implements HttpResponse {

    @Override
    public int statusCode() {
        return response.statusCode();
    }

    @Override
    public void close() {
        try {
            body.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            response.close();
        }
    }
}
