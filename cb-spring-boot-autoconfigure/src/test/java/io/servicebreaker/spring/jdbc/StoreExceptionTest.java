package io.servicebreaker.spring.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ConnectException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.CannotGetJdbcConnectionException;

/** What people read of a database that cannot be used. */
class StoreExceptionTest {

    @Test
    void speaksInTheWordsOfTheDatabase() {
        SQLException refused =
                new SQLException("Connection to db:5432 refused.\nCheck it.", new ConnectException("no"));

        assertThat(StoreException.of(new CannotGetJdbcConnectionException("Failed", new SQLException("pool", refused))))
                .hasMessage("Connection to db:5432 refused.");
        assertThat(StoreException.of(new IllegalStateException("outer", new IllegalArgumentException("inner"))))
                .hasMessage("inner");
        assertThat(StoreException.of(new IllegalStateException())).hasMessage("java.lang.IllegalStateException");
    }

    @Test
    void hidesCredentials() {
        SQLException failure =
                new SQLException("No driver for jdbc:postgresql://db/x?user=jo&password=geheim&ssl=true; PWD=geheim");

        assertThat(StoreException.of(new CannotGetJdbcConnectionException("Failed", failure)))
                .hasMessage("No driver for jdbc:postgresql://db/x?user=***&password=***&ssl=true; PWD=***");
    }
}
