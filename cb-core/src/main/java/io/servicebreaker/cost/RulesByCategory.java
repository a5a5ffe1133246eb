package io.servicebreaker.cost;

import java.util.Map;

/** The rules for the calls of one operation. Immutable. */
record RulesByCategory(Map<String, RuleSet> named, RuleSet others) {

    RuleSet of(String category) {
        RuleSet own = named.isEmpty() ? null : named.get(category);
        return own == null ? others : own;
    }
}
