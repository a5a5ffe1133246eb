package io.servicebreaker.spring;

import io.servicebreaker.breaker.BackendSettings;
import io.servicebreaker.breaker.InvalidSettingException;
import io.servicebreaker.call.Backend;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Checks the deployments of a service. What cannot be used fails with the name of the property that holds it. */
final class BackendResolver {

    private BackendResolver() {}

    /**
     * The deployments, in the order of the configuration.
     *
     * @param path where they stand, with a dot at the end
     */
    static List<BackendSettings> resolve(String path, @Nullable Map<String, BackendProperties> backends) {
        return backends == null
                ? List.of()
                : backends.entrySet().stream()
                        .map(entry -> backend(path + entry.getKey() + ".", entry.getKey(), entry.getValue()))
                        .toList();
    }

    private static BackendSettings backend(String path, String id, BackendProperties backend) {
        try {
            return new BackendSettings(
                    new Backend(id, url(path + "url", backend.url())),
                    Objects.requireNonNullElse(backend.weight(), 1.0),
                    Objects.requireNonNullElse(backend.costFactor(), 1.0));
        } catch (InvalidSettingException e) {
            throw new InvalidPropertyException(
                    path + e.setting(),
                    e.value(),
                    "is out of range: allowed is " + e.range(),
                    "Set it to a value in this range.");
        }
    }

    private static URI url(String property, @Nullable String text) {
        try {
            URI url = new URI(text == null ? "" : text.strip());
            boolean isHttp = "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
            if (isHttp
                    && url.getHost() != null
                    && url.getRawUserInfo() == null
                    && url.getRawQuery() == null
                    && url.getRawFragment() == null) {
                return url;
            }
        } catch (URISyntaxException e) {
            throw invalid(property, text);
        }
        throw invalid(property, text);
    }

    private static InvalidPropertyException invalid(String property, @Nullable String text) {
        return new InvalidPropertyException(
                property,
                text == null ? null : text.replaceAll("//[^/]*@", "//…@"), // a password is nothing for a log
                "is no address of a deployment",
                "Use something like https://eu.example.com/openai, without a query, a user or a password.");
    }
}
