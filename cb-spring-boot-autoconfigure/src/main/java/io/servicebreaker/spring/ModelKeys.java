package io.servicebreaker.spring;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.Environment;
import org.springframework.core.env.PropertySource;

/**
 * Keys that are ids of models, as people wrote them. Of a key that is not in brackets Boot leaves out the characters that it
 * does not know: then it is the id of no model, or of another.
 */
final class ModelKeys {

    private static final Pattern OUTSIDE_OF_BRACKETS = Pattern.compile(
            "(service[-_]?breaker\\.(?:cost\\.|defaults\\.|(?:profiles|services)(?:\\.[^.\\[]+|\\.?\\[[^]]*])\\.(?:settings\\.)?)"
                    + "(?:prices|models))\\.([^.\\[]+).*",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern LEFT_OUT = Pattern.compile("[^A-Za-z0-9_-]");

    private ModelKeys() {}

    /**
     * Looks at all properties whose names are known.
     *
     * @throws InvalidPropertyException if a key would be read as another
     */
    static void check(Environment environment) {
        if (environment instanceof ConfigurableEnvironment configurable) {
            for (PropertySource<?> source : configurable.getPropertySources()) {
                if (source instanceof EnumerablePropertySource<?> known) {
                    for (String name : known.getPropertyNames()) {
                        check(name);
                    }
                }
            }
        }
    }

    private static void check(String name) {
        Matcher key = OUTSIDE_OF_BRACKETS.matcher(name);
        if (!key.matches()) {
            return;
        }
        String id = key.group(2);
        Matcher leftOut = LEFT_OUT.matcher(id);
        if (leftOut.find()) {
            throw new InvalidPropertyException(
                    name,
                    null,
                    "is read as that of the model " + leftOut.replaceAll(""),
                    "Write the id in brackets: " + key.group(1) + "[" + id + "], and in YAML with quotes around them.");
        }
    }
}
