package io.servicebreaker.spring;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Tells by their names which headers and query parameters of a request may carry a secret, which is for one service and
 * nobody else. In doubt it is one: what another service misses, an application can add.
 */
public final class SecretNames {

    /** Looked for in names without anything but letters and digits. */
    private static final List<String> PARTS = List.of(
            "authoriz", "authentic", "apikey", "cookie", "credential", "passw", "secret", "session", "signature");

    private static final List<String> ENDS = List.of("auth", "key", "token");
    private static final Set<String> WHOLE = Set.of("sig", "pwd", "code", "jwt", "xauthuser");
    private static final Set<String> NO_SECRETS = Set.of("idempotencykey", "xidempotencykey");
    private static final List<String> SCHEMES = List.of("basic ", "bearer ", "digest ", "negotiate ", "aws4-");

    private SecretNames() {}

    /** Whether what has this name may be a secret. */
    public static boolean include(String name) {
        String word = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
        return !NO_SECRETS.contains(word)
                && (WHOLE.contains(word)
                        || PARTS.stream().anyMatch(word::contains)
                        || ENDS.stream().anyMatch(word::endsWith));
    }

    /** Whether a value says itself that it is a credential, whatever its name. */
    public static boolean isCredential(String value) {
        String word = value.strip().toLowerCase(Locale.ROOT);
        return SCHEMES.stream().anyMatch(word::startsWith);
    }
}
