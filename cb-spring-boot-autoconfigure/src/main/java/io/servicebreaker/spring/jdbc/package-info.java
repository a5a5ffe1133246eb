/**
 * What calls cost and what became of them, kept in a database. Read {@link io.servicebreaker.spring.jdbc.JdbcSpendLedger}.
 */
@NullMarked
package io.servicebreaker.spring.jdbc;

import org.jspecify.annotations.NullMarked;
