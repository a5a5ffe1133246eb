package io.servicebreaker.cost;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Prices by model. Immutable.
 *
 * <p>A name may end with {@code *} and then stands for all models whose ids begin so, such as {@code gpt-4o-2024-08-06} for
 * {@code gpt-4o-*}. The id itself decides before the longest such beginning.
 */
public final class PriceList {

    /** Knows no prices. */
    public static final PriceList EMPTY = new PriceList(Map.of(), List.of(), null);

    private record Beginning(String of, Price price) {}

    private final Map<String, Price> byId;
    private final List<Beginning> longestFirst;
    private final @Nullable PriceList weaker;

    private PriceList(Map<String, Price> byId, List<Beginning> longestFirst, @Nullable PriceList weaker) {
        this.byId = byId;
        this.longestFirst = longestFirst;
        this.weaker = weaker;
    }

    /**
     * A list of prices.
     *
     * @throws IllegalArgumentException if a name is empty or has a {@code *} elsewhere than at its end
     */
    public static PriceList of(Map<String, Price> prices) {
        prices.keySet().forEach(PriceList::check);
        Map<String, Price> byId = new HashMap<>(prices);
        byId.keySet().removeIf(name -> name.endsWith("*"));
        List<Beginning> longestFirst = prices.entrySet().stream()
                .filter(entry -> entry.getKey().endsWith("*"))
                .map(entry ->
                        new Beginning(entry.getKey().substring(0, entry.getKey().length() - 1), entry.getValue()))
                .sorted(Comparator.comparing(
                                (Beginning beginning) -> beginning.of().length())
                        .reversed())
                .toList();
        return new PriceList(byId, longestFirst, null);
    }

    private static void check(String name) {
        int star = name.indexOf('*');
        if (name.isBlank() || (star >= 0 && star < name.length() - 1)) {
            throw new IllegalArgumentException("not the name of a model: '" + name + "', a * may only be its end");
        }
    }

    /** These prices and, for models that they do not know, those of another list. */
    public PriceList over(PriceList other) {
        return new PriceList(byId, longestFirst, weaker == null ? other : weaker.over(other));
    }

    /** The price of a model, if it is known. */
    public Optional<Price> find(String model) {
        for (PriceList list = this; list != null; list = list.weaker) {
            Price price = list.own(model);
            if (price != null) {
                return Optional.of(price);
            }
        }
        return Optional.empty();
    }

    private @Nullable Price own(String model) {
        Price exact = byId.get(model);
        if (exact != null) {
            return exact;
        }
        for (Beginning beginning : longestFirst) {
            if (model.startsWith(beginning.of())) {
                return beginning.price();
            }
        }
        return null;
    }
}
