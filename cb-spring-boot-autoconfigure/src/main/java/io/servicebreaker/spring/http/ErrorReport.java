package io.servicebreaker.spring.http;

import io.servicebreaker.call.CallReport;
import io.servicebreaker.spring.ReportedHeaders;
import java.util.List;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.util.ClassUtils;

/** What an HTTP response that is an error says about the call. */
final class ErrorReport {

    private static final boolean JACKSON =
            ClassUtils.isPresent("tools.jackson.databind.json.JsonMapper", ErrorReport.class.getClassLoader());

    private ErrorReport() {}

    /** The report, or empty if the status is none that HTTP knows. */
    static Optional<CallReport> of(int status, HttpHeaders headers, byte[] body, ReportedHeaders reported) {
        if (status < 100 || status > 599) {
            return Optional.empty();
        }
        CallReport report = CallReport.ofStatus(status);
        for (String name : headers.headerNames()) {
            List<String> values = headers.getOrEmpty(name);
            if (reported.include(name) && !values.isEmpty()) {
                report = report.header(name, values.get(0));
            }
        }
        return Optional.of(JACKSON ? ErrorBody.addTo(report, body) : report);
    }
}
