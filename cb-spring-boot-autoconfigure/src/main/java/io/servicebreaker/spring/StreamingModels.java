package io.servicebreaker.spring;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.util.ReflectionUtils;

/**
 * Guards what models that are beans stream. They send that on threads of their SDK, which know nothing of the call
 * around: only who stands above the SDK's client does.
 *
 * <p>Spring AI builds the client where nobody gets at it, and its models are final: so it is replaced where it is kept,
 * before anybody has the model. Where that is not possible, as with a version that keeps it elsewhere, the model stays as
 * it is.
 *
 * @param <M> type of the models
 * @param <C> type of their client for streams
 */
public final class StreamingModels<M, C> implements BeanPostProcessor {

    private static final Logger log = LoggerFactory.getLogger(StreamingModels.class);

    private final Class<M> model;
    private final Class<C> client;
    private final UnaryOperator<C> guard;

    /**
     * Guards the models of one type.
     *
     * @param guard makes a guarded client of the one that a model keeps
     */
    public StreamingModels(Class<M> model, Class<C> client, UnaryOperator<C> guard) {
        this.model = model;
        this.client = client;
        this.guard = guard;
    }

    /** Before others make a proxy of it. */
    @Override
    public Object postProcessBeforeInitialization(Object bean, String name) {
        if (model.isInstance(bean)) {
            try {
                guardStreams(bean);
            } catch (RuntimeException | Error e) {
                log.warn("What '{}' streams is not guarded by its address", name, e);
            }
        }
        return bean;
    }

    private void guardStreams(Object bean) {
        Field kept = Arrays.stream(model.getDeclaredFields())
                .filter(field -> field.getType() == client && !Modifier.isStatic(field.getModifiers()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(model.getName() + " keeps no " + client.getName()));
        kept.setAccessible(true);
        C plain = client.cast(Objects.requireNonNull(ReflectionUtils.getField(kept, bean), "no client is kept"));
        ReflectionUtils.setField(kept, bean, guard.apply(plain));
    }
}
