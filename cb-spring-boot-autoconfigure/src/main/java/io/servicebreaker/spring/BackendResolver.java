package io.servicebreaker.spring;

import io.servicebreaker.breaker.BackendSettings;
import io.servicebreaker.breaker.Backends;
import io.servicebreaker.breaker.InvalidSettingException;
import io.servicebreaker.call.Backend;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Checks the deployments of a service. What cannot be used fails with the name of the property that holds it. */
final class BackendResolver {

    private static final Pattern ADDRESS = Pattern.compile("[\\d.]+|\\[.*]");

    /** Names that stand for no host of the internet. */
    private static final Pattern PRIVATE_NAME =
            Pattern.compile("\\.(localhost|local|internal|svc|home\\.arpa|test)$", Pattern.CASE_INSENSITIVE);

    /** A password, or a key in a query, is nothing for a log. */
    private static final Pattern SECRET = Pattern.compile("(?<=//)[^/]*(?=@)|(?<=[?#]).+", Pattern.DOTALL);

    private BackendResolver() {}

    /**
     * The deployments, in the order of the configuration.
     *
     * @param path of their service, with a dot at the end
     * @param endpoints addresses of the service
     */
    static List<BackendSettings> resolve(
            String path, @Nullable Map<String, BackendProperties> backends, List<EndpointPattern> endpoints) {
        if (backends == null) {
            return List.of();
        }
        if (backends.size() > Backends.MOST) {
            throw new InvalidPropertyException(
                    path + "backends",
                    Integer.toString(backends.size()),
                    "are too many: allowed are at most " + Backends.MOST,
                    "Remove some of them.");
        }
        List<BackendSettings> all = backends.entrySet().stream()
                .map(entry -> backend(path + "backends." + entry.getKey() + ".", entry.getKey(), entry.getValue()))
                .toList();
        all.forEach(one -> mustKeepSecrets(path, one.backend(), endpoints));
        return all;
    }

    /** What clients mean to send encrypted, keys above all, must not go through the internet in clear. */
    private static void mustKeepSecrets(String path, Backend backend, List<EndpointPattern> endpoints) {
        boolean isMeantEncrypted =
                endpoints.stream().anyMatch(pattern -> pattern.scheme().equals("https"));
        boolean isListed = endpoints.stream().anyMatch(pattern -> pattern.matches(backend.url()));
        if (isMeantEncrypted
                && !isListed
                && "http".equalsIgnoreCase(backend.url().getScheme())
                && !isNear(backend.url().getHost())) {
            throw new InvalidPropertyException(
                    path + "backends." + backend.id() + ".url",
                    backend.url().toString(),
                    "is not encrypted, while requests to the service are: their keys would go to it in clear",
                    "Use https, or add it to " + path + "endpoint-patterns if its network is a private one.");
        }
    }

    /** Whether a host is this one or in a private network, as its name or address says. No name is looked up. */
    private static boolean isNear(String host) {
        if (!ADDRESS.matcher(host).matches()) {
            return !host.contains(".") || PRIVATE_NAME.matcher(host).find();
        }
        try {
            InetAddress address = InetAddress.getByName(host);
            boolean isUniqueLocal = address instanceof Inet6Address && (address.getAddress()[0] & 0xfe) == 0xfc;
            return address.isLoopbackAddress()
                    || address.isSiteLocalAddress()
                    || address.isLinkLocalAddress()
                    || isUniqueLocal;
        } catch (UnknownHostException e) {
            return false;
        }
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
                text == null ? null : SECRET.matcher(text).replaceAll("…"),
                "is no address of a deployment",
                "Use something like https://eu.example.com/openai, without a query, a user or a password.");
    }
}
