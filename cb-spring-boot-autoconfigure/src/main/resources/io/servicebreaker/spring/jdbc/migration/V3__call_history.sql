-- What became of calls: a row for each hour of a service and each process that called it in that hour. Its minutes, and what
-- they are together, in a form of our own.

CREATE TABLE IF NOT EXISTS service_breaker_call_history (
    application VARCHAR(255)             NOT NULL,
    service     VARCHAR(255)             NOT NULL,
    hour_start  TIMESTAMP WITH TIME ZONE NOT NULL,
    writer      VARCHAR(36)              NOT NULL,
    currency    VARCHAR(3)               NOT NULL,
    minutes     BYTEA                    NOT NULL,
    totals      BYTEA                    NOT NULL,
    PRIMARY KEY (application, service, hour_start, writer)
);

CREATE INDEX IF NOT EXISTS service_breaker_call_history_time ON service_breaker_call_history (application, hour_start);
