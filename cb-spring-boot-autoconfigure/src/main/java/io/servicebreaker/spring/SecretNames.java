package io.servicebreaker.spring;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Tells by their names which headers and query parameters of a request may carry a secret, which is for one service and
 * nobody else. In doubt it is one: what another service misses, an application can add.
 */
public final class SecretNames {

    /** Looked for in names without anything but letters and digits. */
    private static final List<String> PARTS = List.of(
            "apikey",
            "assertion",
            "authentic",
            "authoriz",
            "bearer",
            "cookie",
            "credential",
            "hmac",
            "jwt",
            "passphrase",
            "passw",
            "secret",
            "session",
            "signature",
            "ticket",
            "token");

    private static final List<String> ENDS = List.of("auth", "key");
    private static final Set<String> WHOLE = Set.of("sig", "pwd", "pass", "code", "dpop", "xauthuser");
    private static final Set<String> NO_SECRETS = Set.of("idempotencykey", "xidempotencykey");
    /** Tokens that are parts of a text. */
    private static final Pattern COUNTED = Pattern.compile("(max|min|limit|remaining|reset|input|output|prompt"
            + "|completion|total)[a-z]*tokens|tokencount|tokeni[sz]");

    private static final List<String> SCHEMES =
            List.of("apikey ", "basic ", "bearer ", "digest ", "negotiate ", "token ", "aws4-");

    private SecretNames() {}

    /** Whether what has this name may be a secret. */
    public static boolean include(String name) {
        String letters = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
        String word = COUNTED.matcher(letters).replaceAll("");
        return !NO_SECRETS.contains(word)
                && (WHOLE.contains(word)
                        || PARTS.stream().anyMatch(word::contains)
                        || ENDS.stream().anyMatch(word::endsWith));
    }

    /** Whether the value of a header says itself that it is a credential, whatever its name. */
    public static boolean isCredential(String value) {
        String word = value.strip().toLowerCase(Locale.ROOT);
        return isSigned(value) || SCHEMES.stream().anyMatch(word::startsWith);
    }

    /** Whether a value looks like a JSON Web Token, which begins with an object in Base64. */
    static boolean isSigned(String value) {
        return value.strip().startsWith("eyJ");
    }
}
