package io.servicebreaker;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The rules between packages. Plain tests: fields annotated for ArchUnit's own engine can be skipped unnoticed. */
class ArchitectureTest {

    private static final String ROOT = "io.servicebreaker";

    /** From the ground up. A package uses lower levels only; packages of one level do not know each other. */
    private static final List<Set<String>> LEVELS = List.of(
            Set.of("annotation", "time", "event"),
            Set.of("call"),
            Set.of("breaker", "cost"),
            Set.of("provider", "coordination", "adaptive"),
            Set.of("insight", "legacy"));

    private static final String[] FRAMEWORKS = {
        "org.springframework..",
        "org.aopalliance..",
        "java.sql..",
        "javax.sql..",
        "io.lettuce..",
        "redis.clients..",
        "io.micrometer..",
        "io.prometheus..",
        "reactor.."
    };

    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);

    @ParameterizedTest(name = "{0}")
    @MethodSource("packagesAndThoseTheyMustNotUse")
    void looksOnlyDown(String name, String[] others) {
        mustNotUse(in(name), others).allowEmptyShould(true).check(MAIN);
    }

    @Test
    void everyPackageHasALevel() {
        assertThat(packages())
                .extracting(JavaPackage::getName)
                .allMatch(name -> LEVELS.stream().flatMap(Set::stream).anyMatch(known -> isIn(name, known)));
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(MAIN);
    }

    @Test
    void coreKnowsNoFramework() {
        mustNotUse(ROOT + "..", FRAMEWORKS).check(MAIN);
    }

    @Test
    void onlyTimeSourceReadsTheClock() {
        noClasses()
                .that()
                .resideOutsideOfPackage(in("time"))
                .should()
                .accessTargetWhere(readsTheClock())
                .check(MAIN);
    }

    @Test
    void everyPackageIsNullMarked() {
        assertThat(packages()).allMatch(each -> each.isAnnotatedWith(NullMarked.class));
    }

    @Test
    void theRulesSeeTheCode() {
        ArchRule breakerWithoutCall = mustNotUse(in("breaker"), in("call"));
        ArchRule timeWithoutClock =
                noClasses().that().resideInAPackage(in("time")).should().accessTargetWhere(readsTheClock());

        assertThat(packages()).isNotEmpty();
        assertThat(breakerWithoutCall.evaluate(MAIN).hasViolation()).isTrue();
        assertThat(timeWithoutClock.evaluate(MAIN).hasViolation()).isTrue();
    }

    static Stream<Arguments> packagesAndThoseTheyMustNotUse() {
        return LEVELS.stream().flatMap(level -> level.stream().sorted().map(name -> forbidden(level, name)));
    }

    private static Arguments forbidden(Set<String> level, String name) {
        String[] sameLevelAndHigher = LEVELS.subList(LEVELS.indexOf(level), LEVELS.size()).stream()
                .flatMap(Set::stream)
                .filter(other -> !other.equals(name))
                .map(ArchitectureTest::in)
                .toArray(String[]::new);
        return Arguments.of(name, sameLevelAndHigher);
    }

    private static ArchRule mustNotUse(String packages, String... others) {
        return noClasses()
                .that()
                .resideInAPackage(packages)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(others);
    }

    private static DescribedPredicate<JavaAccess<?>> readsTheClock() {
        return describe("reads the clock", access -> {
            JavaClass owner = access.getTargetOwner();
            String name = access.getName();
            return switch (owner.getName()) {
                case "java.lang.System" -> name.equals("nanoTime") || name.equals("currentTimeMillis");
                case "java.time.Clock" -> name.startsWith("system") || name.startsWith("tick");
                case "java.util.Date", "java.util.GregorianCalendar" -> name.equals("<init>");
                default -> owner.getPackageName().startsWith("java.time") && name.equals("now");
            };
        });
    }

    private static List<JavaPackage> packages() {
        return MAIN.getPackage(ROOT).getSubpackagesInTree().stream()
                .filter(each -> !each.getClasses().isEmpty())
                .toList();
    }

    private static String in(String name) {
        return ROOT + "." + name + "..";
    }

    private static boolean isIn(String name, String known) {
        return (name + ".").startsWith(ROOT + "." + known + ".");
    }
}
