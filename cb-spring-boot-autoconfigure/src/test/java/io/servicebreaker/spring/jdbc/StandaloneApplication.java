package io.servicebreaker.spring.jdbc;

import io.servicebreaker.cost.ledger.LedgerWriter;
import javax.sql.DataSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/** A process of its own, with all that Boot configures by itself, that spends a thousandth and tells what it found. */
final class StandaloneApplication {

    private StandaloneApplication() {}

    public static void main(String[] arguments) {
        try (ConfigurableApplicationContext application = new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .logStartupInfo(false)
                .run(arguments)) {
            LedgerApplication.spend(application, 1);
            System.out.println(
                    "up " + application.getBean(LedgerWriter.class).status().isUp());
            System.out.println("databases " + application.getBeanNamesForType(DataSource.class).length);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}
}
