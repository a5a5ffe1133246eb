-- Decisions about fallbacks, one row for each hop. Money as in V1; unknown cost and confidence are null.

CREATE TABLE IF NOT EXISTS service_breaker_decision (
    application       VARCHAR(255)             NOT NULL,
    ladder            VARCHAR(64)              NOT NULL,
    hop               INTEGER                  NOT NULL,
    decided_at        TIMESTAMP WITH TIME ZONE NOT NULL,
    service           VARCHAR(255)             NOT NULL,
    operation         VARCHAR(255)             NOT NULL,
    cause             VARCHAR(40),
    refusal           VARCHAR(40),
    options           VARCHAR(1000)            NOT NULL,
    chosen            VARCHAR(255),
    reason            VARCHAR(1000)            NOT NULL,
    latency_micros    BIGINT                   NOT NULL,
    cost              BIGINT,
    currency          VARCHAR(3)               NOT NULL,
    confidence        DOUBLE PRECISION,
    result            VARCHAR(40)              NOT NULL,
    answered_by       VARCHAR(255),
    answer_micros     BIGINT,
    answer_confidence DOUBLE PRECISION,
    PRIMARY KEY (application, ladder, hop)
);

CREATE INDEX IF NOT EXISTS service_breaker_decision_time ON service_breaker_decision (application, decided_at);
