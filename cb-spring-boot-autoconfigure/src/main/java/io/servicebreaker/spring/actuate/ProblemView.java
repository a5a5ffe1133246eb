package io.servicebreaker.spring.actuate;

import java.util.Collection;
import java.util.List;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

/**
 * What is wrong with a request.
 *
 * @param allowed what could have been there instead
 */
record ProblemView(String error, List<String> allowed) implements OperationResponseBody {

    private static final int STATUS_FORBIDDEN = 403;

    static WebEndpointResponse<ProblemView> badRequest(String error, Collection<String> allowed) {
        return new WebEndpointResponse<>(
                new ProblemView(error, List.copyOf(allowed)), WebEndpointResponse.STATUS_BAD_REQUEST);
    }

    static WebEndpointResponse<ProblemView> notFound(String error, Collection<String> allowed) {
        return new WebEndpointResponse<>(
                new ProblemView(error, List.copyOf(allowed)), WebEndpointResponse.STATUS_NOT_FOUND);
    }

    static WebEndpointResponse<ProblemView> forbidden(String error, Collection<String> allowed) {
        return new WebEndpointResponse<>(new ProblemView(error, List.copyOf(allowed)), STATUS_FORBIDDEN);
    }
}
