package io.servicebreaker.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where applications find what they could not store, and only that. */
class SpillDirectoryTest {

    @Test
    void isInOneOfTheUserAmongTemporaryFiles() {
        assertThat(SpillDirectory.of(null, "research"))
                .isEqualTo(Path.of(
                        System.getProperty("java.io.tmpdir"),
                        "service-breaker-" + System.getProperty("user.name"),
                        "research"));
    }

    @Test
    void isOfTheApplicationAlsoWhereItIsConfigured() {
        assertThat(SpillDirectory.of("/var/spool", "research")).isEqualTo(Path.of("/var/spool/research"));
    }

    @ParameterizedTest
    @CsvSource({
        "research, research",
        "re-search_2.0, re-search_2.0",
        "re search, re%20search",
        "re%20search, re%2520search",
        "../x/y, %2e.%2fx%2fy",
        ".., %2e%2e",
        "a., a%2e",
        "é, %c3%a9"
    })
    void isNamedAsTheApplication(String application, String name) {
        assertThat(SpillDirectory.fileName(application)).isEqualTo(name);
    }

    @Property
    void isAnotherForEachApplication(@ForAll String one, @ForAll String other) {
        assertThat(SpillDirectory.fileName(one).equals(SpillDirectory.fileName(other)))
                .isEqualTo(one.equals(other));
        assertThat(SpillDirectory.fileName(one)).hasSizeLessThanOrEqualTo(200).matches("[A-Za-z0-9_.%-]*");
    }

    @Test
    void tellsLongNamesApart() {
        String common = "研究".repeat(100);

        assertThat(SpillDirectory.fileName(common + "a"))
                .isNotEqualTo(SpillDirectory.fileName(common + "b"))
                .hasSizeLessThanOrEqualTo(200);
    }

    @Test
    void isCheckedAlsoWhereNobodyHasChosenIt(@TempDir Path temporary) throws IOException {
        Path file = Files.createFile(temporary.resolve("file"));

        assertThatThrownBy(() -> SpillDirectory.check(file.resolve("research"), null))
                .isInstanceOf(InvalidPropertyException.class)
                .hasMessageContaining(
                        "service-breaker.store.spill-directory=" + file.resolve("research") + " is not a");
    }
}
