package io.servicebreaker.spring;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.preinitialize.BackgroundPreinitializer;
import org.springframework.core.io.support.SpringFactoriesLoader;

class ProfilesPreinitializerTest {

    @Test
    void isRunByBootBesideTheStart() {
        assertThat(SpringFactoriesLoader.forDefaultResourceLocation().load(BackgroundPreinitializer.class))
                .filteredOn(ProfilesPreinitializer.class::isInstance)
                .singleElement()
                .satisfies(BackgroundPreinitializer::preinitialize);
    }
}
