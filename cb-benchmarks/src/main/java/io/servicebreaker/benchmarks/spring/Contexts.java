package io.servicebreaker.benchmarks.spring;

import java.util.List;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.context.ConfigurableApplicationContext;

/** Starts real applications without a web server. */
final class Contexts {
    private Contexts() {}

    /** To exclude a starter that has no property to switch it off. */
    static List<String> autoConfigurationsOf(String library) {
        return ImportCandidates.load(AutoConfiguration.class, Contexts.class.getClassLoader()).getCandidates().stream()
                .filter(name -> name.contains(library))
                .toList();
    }

    static ConfigurableApplicationContext start(Class<?> application, String... properties) {
        return new SpringApplicationBuilder(application)
                .web(WebApplicationType.NONE)
                .properties("spring.main.banner-mode=off", "logging.level.root=error")
                .properties(properties)
                .run();
    }
}
