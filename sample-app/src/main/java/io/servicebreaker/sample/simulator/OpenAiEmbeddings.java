package io.servicebreaker.sample.simulator;

import java.util.List;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Embeddings as OpenAI answers them: unit vectors, the same for the same text. */
final class OpenAiEmbeddings {

    private OpenAiEmbeddings() {}

    static List<String> inputs(Request request) {
        JsonNode input = request.body() == null ? Json.array() : request.body().path("input");
        if (input.isArray()) {
            return input.valueStream().map(JsonNode::asString).toList();
        }
        return input.isString() ? List.of(input.stringValue()) : List.of();
    }

    static int tokens(List<String> inputs) {
        return inputs.stream().mapToInt(Tokens::count).sum();
    }

    static ObjectNode of(Request request, boolean empty) {
        List<String> inputs = inputs(request);
        int dimensions = request.body() == null
                ? 0
                : request.body().path("dimensions").asInt(OpenAiModels.dimensions(request.text("model")));
        ObjectNode answer = Json.object().put("object", "list");
        ArrayNode data = answer.putArray("data");
        for (int i = 0; i < inputs.size() && !empty; i++) {
            ObjectNode entry = data.addObject().put("object", "embedding").put("index", i);
            entry.set("embedding", vector(inputs.get(i), dimensions));
        }
        int tokens = tokens(inputs);
        answer.put("model", request.text("model"));
        answer.putObject("usage").put("prompt_tokens", tokens).put("total_tokens", tokens);
        return answer;
    }

    private static ArrayNode vector(String text, int dimensions) {
        double[] vector = new Random(text.hashCode()).doubles(dimensions, -1, 1).toArray();
        double length = 0;
        for (double value : vector) {
            length += value * value;
        }
        ArrayNode array = Json.array();
        for (double value : vector) {
            array.add((float) (value / Math.sqrt(length)));
        }
        return array;
    }
}
