package io.servicebreaker.sample.simulator;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The models that the simulated OpenAI knows, each with the dated model that really serves it. */
final class OpenAiModels {

    private static final Map<String, String> CHAT = Map.ofEntries(
            Map.entry("gpt-3.5-turbo", "gpt-3.5-turbo-0125"),
            Map.entry("gpt-4", "gpt-4-0613"),
            Map.entry("gpt-4-turbo", "gpt-4-turbo-2024-04-09"),
            Map.entry("gpt-4o", "gpt-4o-2024-08-06"),
            Map.entry("gpt-4o-mini", "gpt-4o-mini-2024-07-18"),
            Map.entry("gpt-4.1", "gpt-4.1-2025-04-14"),
            Map.entry("gpt-4.1-mini", "gpt-4.1-mini-2025-04-14"),
            Map.entry("gpt-4.1-nano", "gpt-4.1-nano-2025-04-14"),
            Map.entry("gpt-5", "gpt-5-2025-08-07"),
            Map.entry("gpt-5-mini", "gpt-5-mini-2025-08-07"),
            Map.entry("gpt-5-nano", "gpt-5-nano-2025-08-07"),
            Map.entry("o3", "o3-2025-04-16"),
            Map.entry("o4-mini", "o4-mini-2025-04-16"));
    private static final Map<String, Integer> EMBEDDING_DIMENSIONS =
            Map.of("text-embedding-3-small", 1536, "text-embedding-3-large", 3072, "text-embedding-ada-002", 1536);
    private static final int CONTEXT_TOKENS = 128_000;
    private static final long LISTED_SINCE = 1_700_000_000L;

    private OpenAiModels() {}

    static Set<String> all() {
        Set<String> all = new TreeSet<>(CHAT.keySet());
        all.addAll(CHAT.values());
        all.addAll(EMBEDDING_DIMENSIONS.keySet());
        return all;
    }

    static boolean canChat(String model) {
        return CHAT.containsKey(model) || CHAT.containsValue(model);
    }

    /** The dated model behind a name; a dated name is its own. */
    static String served(String model) {
        return CHAT.getOrDefault(model, model);
    }

    static boolean canEmbed(String model) {
        return EMBEDDING_DIMENSIONS.containsKey(model);
    }

    static int dimensions(String model) {
        return EMBEDDING_DIMENSIONS.getOrDefault(model, 0);
    }

    static int contextTokens() {
        return CONTEXT_TOKENS;
    }

    static ObjectNode list() {
        ObjectNode list = Json.object().put("object", "list");
        ArrayNode data = list.putArray("data");
        new TreeMap<>(CHAT).keySet().forEach(model -> data.add(entry(model)));
        new TreeMap<>(EMBEDDING_DIMENSIONS).keySet().forEach(model -> data.add(entry(model)));
        return list;
    }

    private static ObjectNode entry(String model) {
        return Json.object()
                .put("id", model)
                .put("object", "model")
                .put("created", LISTED_SINCE)
                .put("owned_by", "system");
    }
}
