package io.servicebreaker.spring;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfiguration;

class AdapterArchitectureTest {

    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.servicebreaker.spring");

    @Test
    void autoConfigurationsAreClosed() {
        classes()
                .that()
                .areAnnotatedWith(AutoConfiguration.class)
                .should()
                .bePublic()
                .andShould()
                .haveModifier(JavaModifier.FINAL)
                .check(MAIN);
        methods()
                .that()
                .areDeclaredInClassesThat()
                .areAnnotatedWith(AutoConfiguration.class)
                .should()
                .notBePublic()
                .check(MAIN);
    }

    @Test
    void adaptersDoNotKnowEachOther() {
        slices().matching("io.servicebreaker.spring.(*)..")
                .should()
                .notDependOnEachOther()
                .check(MAIN);
    }

    @Test
    void onlyTheMetersKnowMicrometer() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.servicebreaker.spring.actuate..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.micrometer.core..", "io.micrometer.observation..")
                .check(MAIN);
    }

    @Test
    void onlyTheAdviceKnowsAop() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.servicebreaker.spring.aop..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.aopalliance..", "org.springframework.aop..")
                .check(MAIN);
    }

    /** Applications without it have none of its classes, and Spring looks at all methods of a bean. */
    @Test
    void onlyWhatIsNoBeanKnowsSpringSecurity() {
        noClasses()
                .that()
                .doNotHaveSimpleName("Authorities")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.springframework.security..")
                .check(MAIN);
    }

    @Test
    void onlyTheLedgerKnowsDatabases() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.servicebreaker.spring.jdbc..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.sql..",
                        "javax.sql..",
                        "org.springframework.jdbc..",
                        "org.springframework.boot.jdbc..",
                        "org.flywaydb..",
                        "com.zaxxer.hikari..")
                .check(MAIN);
    }

    @Test
    void nobodyReadsAClock() {
        noClasses()
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(java.time.Instant.class, "now")
                .check(MAIN);
    }

    @Test
    void theRulesSeeTheCode() {
        assertThat(MAIN.contain(ServiceBreakerAutoConfiguration.class)).isTrue();
        assertThat(noClasses()
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage("io.servicebreaker.breaker..")
                        .evaluate(MAIN)
                        .hasViolation())
                .isTrue();
    }
}
