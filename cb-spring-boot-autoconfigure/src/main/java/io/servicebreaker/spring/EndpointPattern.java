package io.servicebreaker.spring;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.util.AntPathMatcher;
import org.springframework.util.PatternMatchUtils;

/**
 * Addresses that belong to a service, such as {@code https://api.openai.com/**}. A {@code *} stands for any part of a
 * host's name or for one step of a path, {@code **} for any number of steps. Query and user are not looked at.
 *
 * @param scheme in lower case
 * @param host in lower case
 * @param port 0 for any, if the host ends with {@code :*}
 * @param path begins with a slash
 */
public record EndpointPattern(String scheme, String host, int port, String path) {

    private static final Pattern FORM =
            Pattern.compile("(https?)://([^/:?#@\\s]+)(?::(\\d{1,5}|\\*))?(/[^?#\\s]*)?", Pattern.CASE_INSENSITIVE);
    private static final AntPathMatcher PATHS = new AntPathMatcher();

    static Optional<EndpointPattern> parse(String text) {
        Matcher form = FORM.matcher(text.strip());
        if (!form.matches()) {
            return Optional.empty();
        }
        String scheme = form.group(1).toLowerCase(Locale.ROOT);
        String path = form.group(4) == null ? "/**" : form.group(4);
        int port = port(scheme, form.group(3));
        return port > 65_535
                ? Optional.empty()
                : Optional.of(new EndpointPattern(scheme, form.group(2).toLowerCase(Locale.ROOT), port, path));
    }

    private static int port(String scheme, @Nullable String text) {
        if (text == null) {
            return standardPort(scheme);
        }
        return text.equals("*") ? 0 : Integer.parseInt(text);
    }

    private static int standardPort(String scheme) {
        return scheme.equals("https") ? 443 : 80;
    }

    boolean matches(URI url) {
        String itsScheme = url.getScheme();
        String itsHost = url.getHost();
        if (itsScheme == null || itsHost == null || !scheme.equalsIgnoreCase(itsScheme)) {
            return false;
        }
        int itsPort = url.getPort() < 0 ? standardPort(scheme) : url.getPort();
        return (port == 0 || port == itsPort)
                && PatternMatchUtils.simpleMatch(host, itsHost.toLowerCase(Locale.ROOT))
                && PATHS.match(path, pathOf(url));
    }

    private static String pathOf(URI url) {
        String itsPath = url.getPath();
        return itsPath == null || itsPath.isEmpty() ? "/" : itsPath;
    }

    /** As it is written, with its port. */
    @Override
    public String toString() {
        return scheme + "://" + host + ":" + (port == 0 ? "*" : port) + path;
    }

    /** The path that all of its addresses begin with, without a slash at the end; null if the rest is not just {@code /**}. */
    @Nullable
    String base() {
        String base = path.endsWith("/**") ? path.substring(0, path.length() - 3) : null;
        return base == null || base.matches(".*[*{}].*") ? null : base;
    }

    /** The address that all of its addresses begin with, without a slash at the end; null if there are several. */
    @Nullable
    String address() {
        String base = base();
        if (base == null || host.contains("*") || port == 0) {
            return null;
        }
        String address = scheme + "://" + host + (port == standardPort(scheme) ? "" : ":" + port) + base;
        try {
            return new URI(address).getHost() == null ? null : address;
        } catch (URISyntaxException e) {
            return null;
        }
    }

    /** How much it says: of two that match, the one that says more is meant. */
    int precision() {
        return host.replace("*", "").length() + path.replace("*", "").length();
    }
}
