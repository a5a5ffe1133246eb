package io.servicebreaker.coordination;

/** Why services probably fail together. */
public enum SharedCause {
    /** They are run by one provider. */
    SHARED_PROVIDER,
    /** They are on one host. */
    SHARED_HOST,
    /** It is us: nearly nothing can be reached, whoever runs it, or something of ours has just changed. */
    OURSELVES,
    /** They share nothing that we know of. */
    UNKNOWN
}
