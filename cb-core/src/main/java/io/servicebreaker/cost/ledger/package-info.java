/**
 * Keeping records of what calls cost, behind the calls. Read {@link io.servicebreaker.cost.ledger.LedgerWriter} first, then
 * {@link io.servicebreaker.cost.ledger.SpendLedger}, which each store implements.
 */
@NullMarked
package io.servicebreaker.cost.ledger;

import org.jspecify.annotations.NullMarked;
