package io.servicebreaker.spring.openai;

import com.openai.client.OpenAIClientAsync;
import io.servicebreaker.call.CurrentCall;
import io.servicebreaker.call.OngoingCall;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/**
 * What is behind a guarded asynchronous client, as {@link GuardedClient}. The SDK leaves the caller's thread before it
 * sends anything: whoever asks for a part of the client within a call gets one that knows this call.
 */
final class GuardedAsyncClient implements InvocationHandler {

    private final OpenAIClientAsync client;
    private final OpenAIClientAsync hooked;
    private final Hook hook;

    private GuardedAsyncClient(OpenAIClientAsync client, Hook hook) {
        this.client = client;
        this.hook = hook;
        this.hooked = client.withOptions(hook::addTo);
    }

    /** The client, guarded, unless it is already. */
    static OpenAIClientAsync of(OpenAIClientAsync client, Hook hook) {
        return Hook.isGuarded(client)
                ? client
                : Hook.proxy(OpenAIClientAsync.class, new GuardedAsyncClient(client, hook));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        return switch (method.getName()) {
            case "sync" -> GuardedClient.of(client.sync(), hook);
            case "withOptions" -> of(client.withOptions(Hook.modifier(arguments)), hook);
            case "close" -> Hook.invoke(method, client, arguments);
            case "equals", "hashCode" -> Hook.identity(proxy, arguments);
            case "toString" -> Hook.invoke(method, hooked, arguments);
            default -> Hook.invoke(method, within(CurrentCall.get()), arguments);
        };
    }

    private OpenAIClientAsync within(@Nullable OngoingCall call) {
        return call == null
                ? hooked
                : client.withOptions(options -> hook.within(call).addTo(options));
    }
}
