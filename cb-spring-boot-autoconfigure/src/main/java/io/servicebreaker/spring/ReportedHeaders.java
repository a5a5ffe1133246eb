package io.servicebreaker.spring;

import io.servicebreaker.call.CallReport;
import io.servicebreaker.provider.LimitHeaders;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The response headers that say something about a service. The others would cost time. Immutable. */
public final class ReportedHeaders {

    /** Those that everybody uses. */
    public static final ReportedHeaders USUAL = new ReportedHeaders(Set.of());

    private final Set<String> named;

    private ReportedHeaders(Set<String> named) {
        this.named = Set.copyOf(named);
    }

    static ReportedHeaders of(ConfiguredServices services) {
        Set<String> named = new HashSet<>();
        for (ConfiguredService service : services.all()) {
            for (LimitHeaders limit : service.provider().limits()) {
                limit.names().forEach(name -> named.add(name.toLowerCase(Locale.ROOT)));
            }
        }
        return new ReportedHeaders(named);
    }

    /**
     * The report with those of a response's headers that are to be told.
     *
     * @param names the names of the response's headers
     * @param header the first value of a header, or null
     */
    public CallReport addTo(CallReport report, Iterable<String> names, Function<String, @Nullable String> header) {
        CallReport more = report;
        for (String name : names) {
            String value = include(name) ? header.apply(name) : null;
            more = value == null ? more : more.header(name, value);
        }
        return more;
    }

    /** Whether a header of that name, in whatever case, is to be reported. */
    public boolean include(String header) {
        String name = header.toLowerCase(Locale.ROOT);
        return named.contains(name) || name.startsWith("retry-after") || name.contains("ratelimit");
    }
}
