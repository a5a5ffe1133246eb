package io.servicebreaker.spring;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which service is asked instead of which by HTTP clients, and at which address. Immutable. */
final class FallbackServices {

    /** What a step of a path has after a semicolon. */
    private static final String PARAMETERS = ";[^/]*";

    /**
     * A service that can be asked instead of another.
     *
     * @param asked whether the other allows that
     * @param base address that all of its addresses begin with, without a slash at the end
     */
    record NextService(String name, boolean asked, String base) {}

    private final Map<String, NextService> next;
    private final Endpoints endpoints;

    private FallbackServices(Map<String, NextService> next, Endpoints endpoints) {
        this.next = Map.copyOf(next);
        this.endpoints = endpoints;
    }

    /** Those of the configuration, if they can be used. */
    static FallbackServices of(ConfiguredServices services, Endpoints endpoints, int maxDepth) {
        Map<String, NextService> next = new HashMap<>();
        for (ConfiguredService service : services.all()) {
            if (service.fallback().service() != null) {
                next.put(service.name(), new FallbackCheck(services, service).next(maxDepth));
            }
        }
        return new FallbackServices(next, endpoints);
    }

    /** The one that is asked instead, or null if there is none. */
    @Nullable
    NextService next(String service) {
        return next.get(service);
    }

    /**
     * The address of a request at another service: what follows the base of the pattern that it matches, without keys and
     * the like in the query, and without parameters of the path, which may be sessions. Null if that would not stay below
     * the other's base.
     */
    @Nullable
    URI address(URI url, NextService other) {
        String path = url.getRawPath() == null ? "" : url.getRawPath();
        String base = endpoints.patternAt(url).map(EndpointPattern::base).orElse(null);
        if (base == null || !path.startsWith(base)) {
            return null;
        }
        String rest = path.substring(base.length()).replaceAll(PARAMETERS, "");
        URI address = URI.create(other.base() + rest + query(url));
        Optional<String> owner = endpoints.serviceAt(address);
        return hasDots(path) || !owner.equals(Optional.of(other.name())) ? null : address;
    }

    /** Whether somebody might read the path as one that goes up, however often it is decoded on its way. */
    private static boolean hasDots(String path) {
        String read = path;
        for (String before = ""; !read.equals(before); ) {
            before = read;
            read = before.replace("%25", "%")
                    .replaceAll("(?i)%2e", ".")
                    .replaceAll("(?i)%2f", "/")
                    .replaceAll("(?i)%5c", "/")
                    .replaceAll("(?i)%3b", ";");
        }
        return Stream.of(read.replaceAll(PARAMETERS, "").split("/", -1))
                .anyMatch(step -> step.equals("..") || step.equals("."));
    }

    private static String query(URI url) {
        String query = url.getRawQuery();
        if (query == null) {
            return "";
        }
        String rest = Stream.of(query.split("&", -1))
                .filter(parameter -> !isSecret(parameter))
                .collect(Collectors.joining("&"));
        return rest.isEmpty() ? "" : "?" + rest;
    }

    private static boolean isSecret(String parameter) {
        int end = parameter.indexOf('=');
        String name = end < 0 ? parameter : parameter.substring(0, end);
        return SecretNames.include(decoded(name)) || SecretNames.isSigned(decoded(parameter.substring(end + 1)));
    }

    private static String decoded(String part) {
        return URLDecoder.decode(part, StandardCharsets.UTF_8);
    }

    /** What a service says of its fallback, to be checked. */
    private record FallbackCheck(ConfiguredServices services, ConfiguredService service) {

        NextService next(int maxDepth) {
            ConfiguredService other = other();
            checkChain(maxDepth);
            checkOwnAddresses(other);
            String base = base(other);
            checkEncryption(other, base);
            return new NextService(other.name(), service.fallback().asked(), base);
        }

        private ConfiguredService other() {
            String name = String.valueOf(service.fallback().service());
            if (name.equals(service.name())) {
                throw invalid("is the service itself", "Name another service, or remove it.");
            }
            List<String> names =
                    services.all().stream().map(ConfiguredService::name).toList();
            return services.find(name)
                    .orElseThrow(() -> invalid(
                            "is not configured",
                            NearestName.of(name, names)
                                            .map(near -> "Did you mean " + near + "? ")
                                            .orElse("")
                                    + "Configured are: " + String.join(", ", names) + "."));
        }

        private void checkChain(int maxDepth) {
            Set<String> chain = new LinkedHashSet<>();
            String link = service.name();
            while (link != null && chain.add(link)) {
                link = services.find(link)
                        .map(found -> found.fallback().service())
                        .orElse(null);
            }
            if (link != null) {
                throw invalid(
                        "leads back to where it was: " + String.join(" -> ", chain) + " -> " + link,
                        "Remove one of these fallbacks.");
            }
            if (chain.size() - 1 > maxDepth) {
                throw invalid(
                        "begins a ladder of " + (chain.size() - 1) + ", which is deeper than "
                                + LadderProperties.MAX_DEPTH + " = " + maxDepth,
                        "Make it shorter, or allow more.");
            }
        }

        private void checkOwnAddresses(ConfiguredService other) {
            if (service.endpoints().isEmpty()) {
                throw invalid(
                        "would never be asked, since nobody knows the addresses of " + service.name(),
                        "Set " + patterns(service) + " to something like https://api.example.com/v1/**.");
            }
            for (EndpointPattern pattern : service.endpoints()) {
                if (pattern.base() == null) {
                    throw new InvalidPropertyException(
                            patterns(service),
                            pattern.toString(),
                            "does not tell which part of an address follows at " + other.name() + ", its fallback",
                            "End its path with /**, without wildcards before that.");
                }
            }
        }

        private String base(ConfiguredService other) {
            EndpointPattern only =
                    other.endpoints().size() == 1 ? other.endpoints().get(0) : null;
            String base = only == null ? null : only.address();
            if (base == null) {
                throw new InvalidPropertyException(
                        patterns(other),
                        other.endpoints().stream()
                                .map(EndpointPattern::toString)
                                .collect(Collectors.joining(", ")),
                        "does not tell the one address that " + service.name() + " needs, whose fallback it is",
                        "Set it to one pattern without other wildcards, such as https://api.example.com/v1/**.");
            }
            return base;
        }

        private void checkEncryption(ConfiguredService other, String base) {
            boolean isEncrypted = Stream.concat(
                            service.endpoints().stream().map(EndpointPattern::toString), backends(service))
                    .anyMatch(FallbackCheck::isEncrypted);
            for (String address :
                    Stream.concat(Stream.of(base), backends(other)).toList()) {
                if (isEncrypted && !isEncrypted(address)) {
                    throw invalid(
                            "would get by " + address + ", without encryption, what is sent to https addresses",
                            "Give " + other.name() + " addresses that begin with https.");
                }
            }
        }

        private static Stream<String> backends(ConfiguredService of) {
            return of.backends().stream().map(backend -> backend.backend().url().toString());
        }

        private static boolean isEncrypted(String address) {
            return address.toLowerCase(Locale.ROOT).startsWith("https:");
        }

        private static String patterns(ConfiguredService of) {
            return Layers.SERVICES + of.name() + ".endpoint-patterns";
        }

        private InvalidPropertyException invalid(String problem, String fix) {
            return new InvalidPropertyException(
                    Layers.SERVICES + service.name() + ".fallback",
                    String.valueOf(service.fallback().service()),
                    problem,
                    fix);
        }
    }
}
