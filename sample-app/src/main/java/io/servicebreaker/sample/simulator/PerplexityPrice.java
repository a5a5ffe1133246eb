package io.servicebreaker.sample.simulator;

import java.math.BigDecimal;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a model of Perplexity costs.
 *
 * @param input dollars per million tokens, as {@code output}
 * @param request dollars per request with the smallest search context
 */
record PerplexityPrice(BigDecimal input, BigDecimal output, BigDecimal request) {

    private static final PerplexityPrice SONAR = of("1", "1", "0.005");
    private static final Map<String, PerplexityPrice> OF_MODEL = Map.of(
            "sonar", SONAR,
            "sonar-pro", of("3", "15", "0.006"),
            "sonar-reasoning-pro", of("2", "8", "0.006"),
            "sonar-deep-research", of("2", "8", "0.005"));

    static Set<String> models() {
        return new TreeSet<>(OF_MODEL.keySet());
    }

    static boolean isKnown(String model) {
        return OF_MODEL.containsKey(model);
    }

    static PerplexityPrice ofModel(String model) {
        return OF_MODEL.getOrDefault(model, SONAR);
    }

    void describe(ObjectNode cost, int promptTokens, int completionTokens) {
        BigDecimal inputCost = cost(input, promptTokens);
        BigDecimal outputCost = cost(output, completionTokens);
        cost.put("input_tokens_cost", inputCost)
                .put("output_tokens_cost", outputCost)
                .put("request_cost", request)
                .put("total_cost", inputCost.add(outputCost).add(request));
    }

    private static BigDecimal cost(BigDecimal perMillion, int tokens) {
        return perMillion.multiply(BigDecimal.valueOf(tokens)).movePointLeft(6);
    }

    private static PerplexityPrice of(String input, String output, String request) {
        return new PerplexityPrice(new BigDecimal(input), new BigDecimal(output), new BigDecimal(request));
    }
}
