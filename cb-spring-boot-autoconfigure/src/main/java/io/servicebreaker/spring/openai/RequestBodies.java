package io.servicebreaker.spring.openai;

import com.openai.core.http.HttpRequest;
import com.openai.core.http.HttpRequestBody;
import io.servicebreaker.spring.JsonRequest;
import java.io.ByteArrayOutputStream;

/** What requests say. */
final class RequestBodies {

    private RequestBodies() {}

    /** The JSON text of a request; nothing is known of one that cannot be read twice. */
    static JsonRequest json(HttpRequest request) {
        HttpRequestBody body = request.body();
        if (body == null || !body.repeatable() || !"application/json".equals(body.contentType())) {
            return JsonRequest.UNKNOWN;
        }
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        body.writeTo(json);
        return JsonRequest.of(json.toByteArray());
    }
}
