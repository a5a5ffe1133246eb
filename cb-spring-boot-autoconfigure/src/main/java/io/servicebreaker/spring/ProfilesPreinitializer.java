package io.servicebreaker.spring;

import io.servicebreaker.provider.ProviderProfiles;
import org.springframework.boot.autoconfigure.preinitialize.BackgroundPreinitializer;

/**
 * Reads the profiles while the application does other things: the first YAML that a JVM reads takes it a tenth of a
 * second and more.
 */
final class ProfilesPreinitializer implements BackgroundPreinitializer {

    @Override
    public void preinitialize() {
        ProviderProfiles.bundled();
    }
}
