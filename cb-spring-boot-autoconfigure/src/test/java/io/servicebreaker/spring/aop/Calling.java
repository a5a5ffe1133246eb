package io.servicebreaker.spring.aop;

import io.servicebreaker.breaker.Breaker;
import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.coordination.DecisionRecord;
import io.servicebreaker.coordination.Decisions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.springframework.context.ApplicationContext;

/** Short ways to what the tests look at. */
final class Calling {

    private Calling() {}

    static List<String> outcomes(ApplicationContext context) {
        return context.getBean(GuardedServices.Calls.class).outcomes;
    }

    /** What was decided about fallbacks, in order. */
    static List<DecisionRecord> decisions(ApplicationContext context) {
        List<DecisionRecord> all =
                new ArrayList<>(context.getBean(Decisions.class).newest(100, decision -> true));
        Collections.reverse(all);
        return all;
    }

    /** Service, why it did not answer, whom that led to, and what became of it. */
    static List<String> hops(ApplicationContext context) {
        return decisions(context).stream()
                .map(hop -> hop.service() + " " + (hop.refusal() == null ? hop.cause() : hop.refusal()) + " -> "
                        + hop.chosen() + " " + hop.result()
                        + (hop.answer() == null ? "" : " " + hop.answer().by()))
                .toList();
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
