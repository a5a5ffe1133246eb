package io.servicebreaker.spring.http;

import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.RejectionScope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * A provider's error answer and what we make of it, from a file under {@code fixtures/<profile>/}.
 *
 * @param source documentation page that the answer follows
 * @param status HTTP status, or 0 where there was no HTTP answer
 * @param now wall-clock time at which it arrived
 * @param exception class name of the client's exception, where there was no HTTP answer
 */
record ErrorFixture(
        String profile,
        String name,
        String source,
        int status,
        Map<String, String> headers,
        String body,
        Instant now,
        @Nullable String exception,
        @Nullable String message,
        Expected expected) {

    private static final Instant SOME_TIME = Instant.parse("2026-11-24T12:00:00Z");

    /** What the classifier should say. */
    record Expected(
            FailureCause cause,
            boolean counts,
            RejectionScope scope,
            @Nullable String code,
            @Nullable Duration asked,
            boolean retryable) {}

    static List<ErrorFixture> all() {
        try {
            Resource[] files = new PathMatchingResourcePatternResolver().getResources("classpath*:fixtures/*/*.yml");
            return Stream.of(files).map(ErrorFixture::read).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ErrorFixture read(Resource file) {
        try {
            String[] path = file.getURL().getPath().split("/");
            Map<String, Object> fields = new Yaml(new SafeConstructor(new LoaderOptions())).load(file.getInputStream());
            return of(path[path.length - 2], path[path.length - 1], fields);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ErrorFixture of(String profile, String name, Map<String, Object> fields) {
        Map<?, ?> expected = (Map<?, ?>) fields.get("expected");
        return new ErrorFixture(
                profile,
                name,
                (String) fields.get("source"),
                fields.get("status") instanceof Integer status ? status : 0,
                headers(fields.get("headers")),
                fields.get("body") instanceof String body ? body : "",
                fields.get("now") == null ? SOME_TIME : instant(fields.get("now")),
                (String) fields.get("exception"),
                (String) fields.get("message"),
                new Expected(
                        FailureCause.valueOf((String) expected.get("cause")),
                        (Boolean) expected.get("counts"),
                        RejectionScope.valueOf((String) expected.get("scope")),
                        (String) expected.get("code"),
                        expected.get("wait") instanceof String wait ? Duration.parse(wait) : null,
                        (Boolean) expected.get("retryable")));
    }

    private static Instant instant(Object value) {
        return value instanceof java.util.Date date ? date.toInstant() : Instant.parse(value.toString());
    }

    @SuppressWarnings("unchecked") // YAML's maps have text as keys, and the fixtures' headers text as values
    private static Map<String, String> headers(@Nullable Object value) {
        return value == null ? Map.of() : (Map<String, String>) value;
    }

    @Override
    public String toString() {
        return profile + "/" + name;
    }
}
