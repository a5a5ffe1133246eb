package io.servicebreaker.call;

/** What a refusal holds for. */
public enum RejectionScope {
    /** One model of the service; another may be tried. */
    MODEL,
    /** Every call with the same credential. */
    CREDENTIAL,
    /** The whole service. */
    SERVICE,
    /** Calls paid from the same budget. */
    BUDGET,
    /** Every service. */
    SYSTEM
}
