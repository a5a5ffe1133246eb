package io.servicebreaker.cost;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Prices by model. Immutable.
 *
 * <p>A name may end with {@code *} and then stands for all models whose ids begin so, such as {@code gpt-4o-2024-08-06} for
 * {@code gpt-4o-*}. The id itself decides before the longest such beginning.
 */
public final class PriceList {

    /** Knows no prices. */
    public static final PriceList EMPTY = new PriceList(Map.of());

    private record Beginning(String of, Price price) {}

    private final Map<String, Price> byId = new HashMap<>();
    private final List<Beginning> longestFirst;

    private PriceList(Map<String, Price> prices) {
        prices.forEach((name, price) -> {
            if (!name.endsWith("*")) {
                byId.put(name, price);
            }
        });
        this.longestFirst = prices.entrySet().stream()
                .filter(entry -> entry.getKey().endsWith("*"))
                .map(entry ->
                        new Beginning(entry.getKey().substring(0, entry.getKey().length() - 1), entry.getValue()))
                .sorted(Comparator.comparing(
                                (Beginning beginning) -> beginning.of().length())
                        .reversed())
                .toList();
    }

    /**
     * A list of prices.
     *
     * @throws IllegalArgumentException if a name is empty or has a {@code *} elsewhere than at its end
     */
    public static PriceList of(Map<String, Price> prices) {
        prices.keySet().forEach(PriceList::check);
        return new PriceList(prices);
    }

    private static void check(String name) {
        int star = name.indexOf('*');
        if (name.isBlank() || (star >= 0 && star < name.length() - 1)) {
            throw new IllegalArgumentException("not the name of a model: '" + name + "', a * may only be its end");
        }
    }

    /** The price of a model, if it is known. */
    public Optional<Price> find(String model) {
        Price exact = byId.get(model);
        return exact != null
                ? Optional.of(exact)
                : longestFirst.stream()
                        .filter(beginning -> model.startsWith(beginning.of()))
                        .map(Beginning::price)
                        .findFirst();
    }
}
