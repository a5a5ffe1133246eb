package io.servicebreaker.spring.jdbc;

import io.servicebreaker.call.CallOrchestrator;
import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.Usage;
import io.servicebreaker.cost.Money;
import io.servicebreaker.cost.SpendRecord;
import io.servicebreaker.cost.ledger.SpendBatch;
import io.servicebreaker.cost.ledger.SpendLedger;
import io.servicebreaker.spring.ServiceBreakerAutoConfiguration;
import io.servicebreaker.spring.SpendLedgerAutoConfiguration;
import io.servicebreaker.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.MDC;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * A process of its own that spends until it is killed, and tells what it does: {@code settled <id> <when>} after a call has
 * ended, {@code confirmed <ids>} when the ledger has its record, and {@code taken <until>} when it has those of all calls
 * that had ended by then.
 */
final class KilledApplication {

    /** Of calls that never end. */
    static final int HANGING = 7;

    private static final int THREADS = 3;

    private KilledApplication() {}

    public static void main(String[] arguments) {
        ApplicationContext application = new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .logStartupInfo(false)
                .run(arguments);
        CallOrchestrator orchestrator = application.getBean(CallOrchestrator.class);
        for (int i = 0; i < HANGING; i++) {
            orchestrator.begin(request());
        }
        say("hanging " + HANGING);
        for (int i = 0; i < THREADS; i++) {
            String name = Integer.toString(i);
            new Thread(() -> spend(name, orchestrator, application.getBean(TimeSource.class))).start();
        }
    }

    private static void spend(String name, CallOrchestrator orchestrator, TimeSource time) {
        for (int number = 0; ; number++) {
            String id = name + "-" + number;
            MDC.put("correlationId", id);
            orchestrator
                    .begin(request())
                    .succeeded(CallReport.EMPTY.model("small").usage(new Usage(0, 1, 0)));
            say("settled " + id + " " + time.now());
            LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
        }
    }

    private static CallRequest request() {
        return CallRequest.to("openai").model("small").estimatedTokens(0, 1);
    }

    private static void say(String line) {
        System.out.println(line);
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({
        ServiceBreakerAutoConfiguration.class,
        SpendLedgerAutoConfiguration.class,
        JdbcStoreAutoConfiguration.class
    })
    static class Application {

        @Bean
        static BeanPostProcessor telling() {
            return new BeanPostProcessor() {
                @Override
                public Object postProcessAfterInitialization(Object bean, String name) {
                    return bean instanceof JdbcSpendLedger ledger ? new Telling(ledger) : bean;
                }
            };
        }
    }

    private static final class Telling implements SpendLedger {

        /** A batch as large as that may have left records behind that were there as well. */
        private static final int FULL = 500;

        private final SpendLedger ledger;
        private Instant before = Instant.EPOCH;
        private int size;

        Telling(SpendLedger ledger) {
            this.ledger = ledger;
        }

        @Override
        public void open() {
            ledger.open();
        }

        @Override
        public void append(SpendBatch batch) {
            ledger.append(batch);
            size = batch.records().size();
            say("confirmed "
                    + String.join(
                            " ",
                            batch.records().stream()
                                    .map(SpendRecord::correlation)
                                    .toList()));
        }

        /** What was taken at one time was ended before, but not all that was ended then: that of the time before was. */
        @Override
        public void reserve(String writer, Instant at, Map<String, Money> reserved) {
            ledger.reserve(writer, at, reserved);
            if (size < FULL) {
                say("taken " + before);
            }
            before = at;
        }

        @Override
        public Map<String, Money> spentByOthers(String writer, Instant since) {
            return ledger.spentByOthers(writer, since);
        }
    }
}
