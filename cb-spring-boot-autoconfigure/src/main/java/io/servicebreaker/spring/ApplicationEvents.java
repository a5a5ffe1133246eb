package io.servicebreaker.spring;

import io.servicebreaker.event.Event;
import io.servicebreaker.event.Events;
import java.util.function.Consumer;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextClosedEvent;

/**
 * Publishes our events to the application, so that {@code @EventListener(StateChanged.class)} works. Listeners run on
 * the events thread, off the path of calls.
 *
 * <p>It begins when all beans are there and ends before the first goes: a listener is never asked in between.
 */
final class ApplicationEvents
        implements Consumer<Event>, SmartInitializingSingleton, ApplicationListener<ContextClosedEvent> {

    private final Events events;
    private final ApplicationContext application;
    private volatile boolean closing;

    ApplicationEvents(Events events, ApplicationContext application) {
        this.events = events;
        this.application = application;
    }

    @Override
    public void afterSingletonsInstantiated() {
        events.subscribe(this);
    }

    @Override
    public void accept(Event event) {
        if (!closing) {
            application.publishEvent(event);
        }
    }

    @Override
    public void onApplicationEvent(ContextClosedEvent closed) {
        if (closed.getApplicationContext() == application) {
            events.flushAndWait();
            closing = true;
        }
    }
}
