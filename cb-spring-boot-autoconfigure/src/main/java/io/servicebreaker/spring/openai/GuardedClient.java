package io.servicebreaker.spring.openai;

import com.openai.client.OpenAIClient;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/** What is behind a guarded client: the client with our HTTP client below, and guarded ones wherever it hands out others. */
final class GuardedClient implements InvocationHandler {

    private final OpenAIClient client;
    private final OpenAIClient hooked;
    private final Hook hook;

    private GuardedClient(OpenAIClient client, Hook hook) {
        this.client = client;
        this.hook = hook;
        this.hooked = client.withOptions(hook::addTo);
    }

    /** The client, guarded, unless it is already. */
    static OpenAIClient of(OpenAIClient client, Hook hook) {
        return Hook.isGuarded(client) ? client : Hook.proxy(OpenAIClient.class, new GuardedClient(client, hook));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        return switch (method.getName()) {
            case "async" -> GuardedAsyncClient.of(client.async(), hook);
            case "withOptions" -> of(client.withOptions(Hook.modifier(arguments)), hook);
            case "close" -> Hook.invoke(method, client, arguments);
            case "equals", "hashCode" -> Hook.identity(proxy, arguments);
            default -> Hook.invoke(method, hooked, arguments);
        };
    }
}
