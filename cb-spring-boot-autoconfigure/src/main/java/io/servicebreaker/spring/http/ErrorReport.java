package io.servicebreaker.spring.http;

import io.servicebreaker.call.CallReport;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.springframework.http.HttpHeaders;
import org.springframework.util.ClassUtils;

/** What an HTTP response that is an error says about the call. */
final class ErrorReport {

    private static final boolean JACKSON =
            ClassUtils.isPresent("tools.jackson.databind.json.JsonMapper", ErrorReport.class.getClassLoader());

    private ErrorReport() {}

    /**
     * The report, or empty if the status is none that HTTP knows.
     *
     * @param limitHeaders names, in lower case, of the headers in which configured providers tell of their limits
     */
    static Optional<CallReport> of(int status, HttpHeaders headers, byte[] body, Set<String> limitHeaders) {
        if (status < 100 || status > 599) {
            return Optional.empty();
        }
        CallReport report = CallReport.ofStatus(status);
        for (String name : headers.headerNames()) {
            List<String> values = headers.getOrEmpty(name);
            if (speaksOfLimits(name, limitHeaders) && !values.isEmpty()) {
                report = report.header(name, values.get(0));
            }
        }
        return Optional.of(JACKSON ? ErrorBody.addTo(report, body) : report);
    }

    /** The rest would cost time and say nothing about the service. */
    private static boolean speaksOfLimits(String header, Set<String> limitHeaders) {
        String name = header.toLowerCase(Locale.ROOT);
        return limitHeaders.contains(name) || name.startsWith("retry-after") || name.contains("ratelimit");
    }
}
