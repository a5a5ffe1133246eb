package io.servicebreaker.spring.openai;

import com.openai.core.http.HttpRequest;
import com.openai.core.http.HttpRequestBody;
import io.servicebreaker.spring.JsonRequest;

/** What requests say. */
final class RequestBodies {

    private RequestBodies() {}

    /** The JSON text of a request; nothing is known of one that cannot be read twice. */
    static JsonRequest json(HttpRequest request) {
        HttpRequestBody body = request.body();
        return body == null || !body.repeatable()
                ? JsonRequest.UNKNOWN
                : JsonRequest.of(body.contentType(), body.contentLength(), body::writeTo);
    }
}
