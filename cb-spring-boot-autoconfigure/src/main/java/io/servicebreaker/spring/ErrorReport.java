package io.servicebreaker.spring;

import io.servicebreaker.call.CallReport;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;

/** What an HTTP response that is an error says about the call, for the adapters of clients. */
public final class ErrorReport {

    /** Bytes of the longest body that can be an error's; of a longer one nothing is read. */
    public static final int LONGEST_BODY = 16 * 1024;

    private static final boolean JACKSON =
            ClassUtils.isPresent("tools.jackson.databind.json.JsonMapper", ErrorReport.class.getClassLoader());

    private ErrorReport() {}

    /**
     * The report, or empty if the status is none that HTTP knows. Of the body it tells the provider's code and message, if
     * Jackson 3 is there.
     *
     * @param headerNames the names of the response's headers
     * @param header the first value of a header, or null
     * @param reported the headers that are to be told
     */
    public static Optional<CallReport> of(
            int status,
            Iterable<String> headerNames,
            Function<String, @Nullable String> header,
            byte[] body,
            ReportedHeaders reported) {
        if (status < 100 || status > 599) {
            return Optional.empty();
        }
        CallReport head = reported.addTo(CallReport.ofStatus(status), headerNames, header);
        return Optional.of(JACKSON ? ErrorBody.addTo(head, body) : head);
    }

    /**
     * The report of an error that a client has read already, or empty if the status is none that HTTP knows.
     *
     * @param code the provider's own code, if it named one
     * @param type of the error, if the provider named one
     * @param message in words, if there were any
     */
    public static Optional<CallReport> of(
            int status, @Nullable String code, @Nullable String type, @Nullable String message) {
        return status < 100 || status > 599
                ? Optional.empty()
                : Optional.of(new ErrorWords(null, code, type, message).addTo(CallReport.ofStatus(status)));
    }

    /** The report of an error inside of a stream that a client has read, as if it had been an answer of its own. */
    public static CallReport inStream(@Nullable String code, @Nullable String type, @Nullable String message) {
        return new ErrorWords(null, code, type, message).asAnswer();
    }
}
