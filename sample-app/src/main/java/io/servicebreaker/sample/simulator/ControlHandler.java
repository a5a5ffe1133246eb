package io.servicebreaker.sample.simulator;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Lets an operator see the providers and switch their faults: {@code /simulator/{provider}}. */
final class ControlHandler implements HttpHandler {

    static final String PATH = "/simulator";

    private final Map<String, SimulatedProvider> providers;
    private final Pause pause;

    ControlHandler(Map<String, SimulatedProvider> providers, Pause pause) {
        this.providers = providers;
        this.pause = pause;
    }

    @Override
    public void handle(HttpExchange http) throws IOException {
        Request request = Request.read(http, PATH.substring(1));
        new Connection(http, new Traffic(), pause).send(answer(http.getRequestMethod(), request), Duration.ZERO);
    }

    private Answer answer(String method, Request request) {
        String name = request.route().substring(method.length() + 1).replaceAll("^/|/$", "");
        if (name.isEmpty()) {
            return method.equals("GET") ? Answer.json(200, describeAll()) : notAllowed(method, "GET");
        }
        SimulatedProvider provider = providers.get(name);
        if (provider == null) {
            return unknown(name);
        }
        return switch (method) {
            case "GET" -> Answer.json(200, provider.describe());
            case "PUT" -> set(provider, request.body());
            default -> notAllowed(method, "GET, PUT");
        };
    }

    private static Answer set(SimulatedProvider provider, @Nullable ObjectNode body) {
        if (body == null) {
            return problem(400, "Bad Request", "The body must be a JSON object such as {\"fault\": \"rate-limit\"}");
        }
        try {
            provider.set(new FaultSettingReader(provider.api()).read(body));
            return Answer.json(200, provider.describe());
        } catch (InvalidFieldException ex) {
            ObjectNode details = details(400, "Bad Request", ex.getMessage());
            details.put("field", ex.field()).put("value", ex.value()).put("allowed", ex.allowed());
            return Answer.problem(400, details);
        }
    }

    private ObjectNode describeAll() {
        ObjectNode all = Json.object();
        providers.forEach((name, provider) -> all.set(name, provider.describe()));
        return all;
    }

    private Answer unknown(String name) {
        String known = String.join(", ", providers.keySet());
        return problem(404, "Not Found", "There is no provider '" + name + "'; known: " + known);
    }

    private static Answer notAllowed(String method, String allowed) {
        return problem(405, "Method Not Allowed", method + " is not possible here; allowed: " + allowed)
                .with(Map.of("Allow", allowed));
    }

    static Answer problem(int status, String title, String detail) {
        return Answer.problem(status, details(status, title, detail));
    }

    private static ObjectNode details(int status, String title, @Nullable String detail) {
        return Json.object()
                .put("type", "about:blank")
                .put("title", title)
                .put("status", status)
                .put("detail", detail);
    }
}
