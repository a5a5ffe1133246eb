package io.servicebreaker.spring.openai;

import com.openai.core.http.HttpRequest;
import com.openai.core.http.HttpRequestBody;
import io.servicebreaker.spring.RequestModel;
import java.io.ByteArrayOutputStream;

/** The model that a request asks for. */
final class RequestedModel {

    private RequestedModel() {}

    /** Its id, or empty if the request does not name it or cannot be read twice. */
    static String of(HttpRequest request) {
        HttpRequestBody body = request.body();
        if (body == null || !body.repeatable() || !"application/json".equals(body.contentType())) {
            return "";
        }
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        body.writeTo(json);
        return RequestModel.in(json.toByteArray());
    }
}
