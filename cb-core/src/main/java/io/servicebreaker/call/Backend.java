package io.servicebreaker.call;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * One of several deployments of a service, such as a region or an account, to which a call goes.
 *
 * @param id as in the configuration
 * @param url where it is
 */
public record Backend(String id, URI url) {

    /**
     * The backend that was chosen for the guarded call that this thread is making, or null outside of any and for services
     * without backends. Where calls change threads it is found where {@link CurrentCall} is.
     */
    public static @Nullable Backend current() {
        OngoingCall call = CurrentCall.get();
        return call == null ? null : call.backend();
    }

    /** Whether an address is one of this backend already. */
    public boolean isAt(URI address) {
        String path = address.getRawPath() == null ? "" : address.getRawPath();
        String base = url.getRawPath() == null ? "" : url.getRawPath();
        return url.getScheme().equalsIgnoreCase(address.getScheme())
                && url.getRawAuthority().equalsIgnoreCase(address.getRawAuthority())
                && path.startsWith(base);
    }

    /** The same address at this backend: its own address and path in place of the other's server. */
    public URI at(URI address) {
        String path = url.getRawPath() == null ? "" : url.getRawPath();
        String base = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        String query = address.getRawQuery() == null ? "" : "?" + address.getRawQuery();
        String rest = address.getRawPath() == null ? "" : address.getRawPath();
        return URI.create(url.getScheme() + "://" + url.getRawAuthority() + base + rest + query);
    }
}
