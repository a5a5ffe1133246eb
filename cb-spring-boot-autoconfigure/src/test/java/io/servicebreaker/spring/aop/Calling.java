package io.servicebreaker.spring.aop;

import io.servicebreaker.breaker.Breaker;
import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.call.InternalFaults;
import java.util.List;
import org.springframework.context.ApplicationContext;

/** Short ways to what the tests look at. */
final class Calling {

    private Calling() {}

    static List<String> outcomes(ApplicationContext context) {
        return context.getBean(GuardedServices.Calls.class).outcomes;
    }

    static int underWay(ApplicationContext context) {
        return context.getBean(GuardedServices.Calls.class).underWay();
    }

    static long faults(ApplicationContext context) {
        return context.getBean(InternalFaults.class).count();
    }

    static Breaker breaker(ApplicationContext context, String service) {
        return context.getBean(Breakers.class).breaker(service);
    }

    static void open(ApplicationContext context, String... services) {
        for (String service : services) {
            breaker(context, service).forceOpen("a test wants it", null);
        }
    }
}
