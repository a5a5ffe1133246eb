package io.servicebreaker.spring;

import io.servicebreaker.spring.CostProperties.Limits;
import io.servicebreaker.spring.CostProperties.ModelPrice;
import io.servicebreaker.spring.ServiceBreakerProperties.Model;
import io.servicebreaker.spring.ServiceBreakerProperties.Overall;
import io.servicebreaker.spring.ServiceBreakerProperties.Profile;
import io.servicebreaker.spring.ServiceBreakerProperties.Profile.Effect;
import io.servicebreaker.spring.ServiceBreakerProperties.Profile.Limit;
import io.servicebreaker.spring.ServiceBreakerProperties.Profile.Rule;
import io.servicebreaker.spring.ServiceBreakerProperties.Security;
import io.servicebreaker.spring.ServiceBreakerProperties.Service;
import io.servicebreaker.spring.ServiceBreakerProperties.Web;
import java.util.List;
import java.util.Set;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;

/**
 * Where an unknown key stands, and what could stand there.
 *
 * @param parent full name of the group
 * @param key first part of the name after it
 * @param known keys of the group
 */
record KeyGroup(String parent, String key, List<String> known) {

    /** Keys of later versions: somebody who reads ahead should not look for a typing error. */
    private static final Set<String> LATER =
            Set.of("observability", "encryption-key", "cluster", "spring-cloud-circuitbreaker", "resilience4j-metrics");

    static KeyGroup of(ConfigurationPropertyName name) {
        String first = element(name, 1);
        return switch (first) {
            case "defaults" -> service(name, 2);
            case "services" -> service(name, 3);
            case "profiles" -> profile(name);
            case "system" -> at(name, 2, Overall.class);
            case "cost" -> cost(name);
            case "coordination" -> at(name, 2, CoordinationProperties.class);
            case "adaptive" -> at(name, 2, AdaptiveProperties.class);
            case "store" -> at(name, 2, StoreProperties.class);
            case "web" -> at(name, 2, Web.class);
            case "security" -> at(name, 2, Security.class);
            case "integration" -> at(name, 2, IntegrationProperties.class);
            default -> at(name, 1, ServiceBreakerProperties.class);
        };
    }

    private static KeyGroup service(ConfigurationPropertyName name, int depth) {
        boolean ofModel =
                name.getNumberOfElements() > depth + 2 && element(name, depth).equals("models");
        boolean ofBackend =
                name.getNumberOfElements() > depth + 2 && element(name, depth).equals("backends");
        if (ofBackend) {
            return at(name, depth + 2, BackendProperties.class);
        }
        return ofModel ? at(name, depth + 2, Model.class) : at(name, depth, Service.class);
    }

    private static KeyGroup profile(ConfigurationPropertyName name) {
        return switch (name.getNumberOfElements() > 4 ? element(name, 3) : "") {
            case "settings" -> service(name, 4);
            case "rules" -> at(name, 5, Rule.class);
            case "effects" -> at(name, 5, Effect.class);
            case "limits" -> at(name, 5, Limit.class);
            case "prices" -> at(name, 5, ModelPrice.class);
            default -> at(name, 3, Profile.class);
        };
    }

    private static KeyGroup cost(ConfigurationPropertyName name) {
        int elements = name.getNumberOfElements();
        if (elements > 4 && element(name, 2).equals("prices")) {
            return at(name, 4, ModelPrice.class);
        }
        if (elements > 4 && element(name, 2).equals("rules")) {
            return at(name, 4, CostProperties.Rule.class);
        }
        boolean ofService = elements > 5 && element(name, 3).equals("services");
        return ofService ? at(name, 5, Limits.class) : at(name, 2, CostProperties.class);
    }

    private static KeyGroup at(ConfigurationPropertyName name, int depth, Class<? extends Record> properties) {
        int place = Math.min(depth, name.getNumberOfElements() - 1);
        Class<? extends Record> group = Keys.group(properties, element(name, place));
        if (group != null && place + 1 < name.getNumberOfElements()) {
            return at(name, place + 1, group);
        }
        return new KeyGroup(name.chop(place).toString(), element(name, place), Keys.of(properties));
    }

    private static String element(ConfigurationPropertyName name, int index) {
        return name.getElement(index, Form.ORIGINAL);
    }

    String problem() {
        return isOfALaterVersion() ? "is not supported by this version" : "is not a property of ServiceBreaker";
    }

    String advice() {
        if (isOfALaterVersion()) {
            return "Remove " + parent + "." + key + ": nothing would read it.";
        }
        if (Character.isDigit(key.charAt(0))) {
            return "An id with a dot is written in brackets: " + parent.replaceFirst("\\.([^.]+)$", "[$1.") + key
                    + "].";
        }
        String all = "Known under " + parent + " are: " + String.join(", ", sorted()) + ".";
        return NearestName.of(key, known)
                .map(near -> "Did you mean " + parent + "." + near + "? " + all)
                .orElse(all);
    }

    private boolean isOfALaterVersion() {
        return LATER.contains(key) && !known.contains(key);
    }

    private List<String> sorted() {
        return known.stream().sorted().toList();
    }
}
