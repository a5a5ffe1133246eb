package io.servicebreaker.provider;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The profiles that services can name. Immutable.
 *
 * <p>A service uses the profile of its own name unless it names another; {@link #GENERIC} serves the rest.
 */
public final class ProviderProfiles {

    /** The profile of a service of which nothing is known. */
    public static final String GENERIC = "generic";

    private static final List<String> BUNDLED =
            List.of("openai", "azure-openai", "anthropic", "perplexity", "lightrag", "cache");

    private final Map<String, ProviderProfile> byId;

    private ProviderProfiles(Map<String, ProviderProfile> byId) {
        this.byId = Collections.unmodifiableMap(byId);
    }

    /** The profiles that come with ServiceBreaker. */
    public static ProviderProfiles bundled() {
        return Bundled.PROFILES;
    }

    /** These profiles and others, which replace those of the same name. */
    public ProviderProfiles with(Collection<ProviderProfile> others) {
        Map<String, ProviderProfile> all = new LinkedHashMap<>(byId);
        others.forEach(profile -> all.put(profile.id(), profile));
        return new ProviderProfiles(all);
    }

    /** The profile of that name. */
    public Optional<ProviderProfile> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** The profile of that name, else the generic one. */
    public ProviderProfile of(String id) {
        return find(id).orElseGet(() -> byId.get(GENERIC));
    }

    /** All names. */
    public Collection<String> ids() {
        return byId.keySet();
    }

    /** Read when they are first asked for. */
    private static final class Bundled {

        static final ProviderProfiles PROFILES = read();

        private static ProviderProfiles read() {
            Map<String, ProviderProfile> all = new LinkedHashMap<>();
            ProviderProfile generic = ProfileFile.generic();
            for (String id : BUNDLED) {
                all.put(id, ProfileFile.read(id, generic));
            }
            all.put(GENERIC, generic);
            return new ProviderProfiles(all);
        }
    }
}
