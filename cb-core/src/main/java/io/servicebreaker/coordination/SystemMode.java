package io.servicebreaker.coordination;

/** How the system as a whole is run. */
public enum SystemMode {
    /** All work is done. */
    NORMAL,
    /** Calls should ask for less work, of some services or of all. */
    DEGRADED,
    /** Only essential calls, probes and the cache are let through. */
    EMERGENCY
}
