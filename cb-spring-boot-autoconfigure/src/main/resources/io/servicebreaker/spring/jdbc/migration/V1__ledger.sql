-- What calls cost, in the SQL that H2 and PostgreSQL have in common. Money is counted in billionths of the currency.
-- Where tables cannot be made in a transaction, a process may have been killed when it had made some of them.

CREATE TABLE IF NOT EXISTS service_breaker_spend_record (
    application         VARCHAR(255)             NOT NULL,
    writer              VARCHAR(36)              NOT NULL,
    batch_number        BIGINT                   NOT NULL,
    batch_position      INTEGER                  NOT NULL,
    booked_at           TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_at            TIMESTAMP WITH TIME ZONE NOT NULL,
    service             VARCHAR(255)             NOT NULL,
    model               VARCHAR(255)             NOT NULL,
    operation           VARCHAR(255)             NOT NULL,
    category            VARCHAR(255)             NOT NULL,
    correlation         VARCHAR(255)             NOT NULL,
    outcome             VARCHAR(40)              NOT NULL,
    cause               VARCHAR(40),
    input_tokens        INTEGER,
    output_tokens       INTEGER,
    cached_input_tokens INTEGER,
    searches            INTEGER,
    estimated           BIGINT                   NOT NULL,
    cost                BIGINT                   NOT NULL,
    currency            VARCHAR(3)               NOT NULL,
    PRIMARY KEY (writer, batch_number, batch_position)
);

CREATE INDEX IF NOT EXISTS service_breaker_spend_record_time ON service_breaker_spend_record (application, booked_at);
CREATE INDEX IF NOT EXISTS service_breaker_spend_record_correlation ON service_breaker_spend_record (correlation);

-- By quarter of an hour, in which days of all time zones begin. No sum is too large.
CREATE TABLE IF NOT EXISTS service_breaker_spend_total (
    application  VARCHAR(255)             NOT NULL,
    quarter_hour TIMESTAMP WITH TIME ZONE NOT NULL,
    service      VARCHAR(255)             NOT NULL,
    writer       VARCHAR(36)              NOT NULL,
    spent        NUMERIC(38)              NOT NULL,
    currency     VARCHAR(3)               NOT NULL,
    PRIMARY KEY (application, quarter_hour, service, writer)
);

-- A writer for whose calls nothing is reserved has a row without a service, which says since when.
CREATE TABLE IF NOT EXISTS service_breaker_reservation (
    application VARCHAR(255)             NOT NULL,
    writer      VARCHAR(36)              NOT NULL,
    service     VARCHAR(255)             NOT NULL,
    reserved_at TIMESTAMP WITH TIME ZONE NOT NULL,
    amount      BIGINT                   NOT NULL,
    currency    VARCHAR(3)               NOT NULL,
    PRIMARY KEY (application, writer, service)
);
