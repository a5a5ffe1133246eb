package io.servicebreaker.call;

/** Why a call failed, in our words. */
public enum FailureCause {
    /** The provider throttles: too many requests or tokens in its window. */
    RATE_LIMIT,
    /** The account's quota or credit is used up. */
    QUOTA,
    /** The credential is missing, wrong or not allowed to do this. */
    AUTHENTICATION,
    /** The provider says that it has more work than it can do. */
    OVERLOADED,
    /** The provider failed. */
    SERVER_ERROR,
    /** No answer in time. */
    TIMEOUT,
    /** The provider could not be reached, or the connection broke. */
    CONNECTION,
    /** The request is wrong; the service is not to blame. */
    BAD_REQUEST,
    /** The request is longer than the model allows. */
    CONTEXT_LENGTH,
    /** The provider refused the content. */
    CONTENT_FILTER,
    /** An answer came, but it is not good enough. */
    QUALITY,
    /** The caller gave up. */
    CANCELLED,
    /** Something broke on our side of the wire. */
    LOCAL_ERROR,
    /** None of the others could be told. */
    UNKNOWN
}
