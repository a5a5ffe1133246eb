package io.servicebreaker.spring.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** A database that commits what was written, while the answer is lost on the way. */
final class SilentCommits extends DelegatingDataSource {

    private final AtomicBoolean silent;

    SilentCommits(DataSource database, AtomicBoolean silent) {
        super(database);
        this.silent = silent;
    }

    @Override
    public Connection getConnection() throws SQLException {
        Connection connection = super.getConnection();
        AtomicBoolean written = new AtomicBoolean();
        return (Connection) Proxy.newProxyInstance(
                SilentCommits.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    Object answer;
                    try {
                        answer = method.invoke(connection, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                    if (method.getName().equals("prepareStatement") && !((String) arguments[0]).startsWith("SELECT")) {
                        written.set(true);
                    }
                    if (method.getName().equals("commit") && written.get() && silent.get()) {
                        throw new SQLException("the connection broke");
                    }
                    return answer;
                });
    }
}
