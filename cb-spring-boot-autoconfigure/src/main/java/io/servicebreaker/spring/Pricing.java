package io.servicebreaker.spring;

import io.servicebreaker.cost.PriceList;
import io.servicebreaker.provider.PriceTable;

/**
 * What the calls of a service cost.
 *
 * @param spends whether its calls are priced and kept within budgets
 * @param prices of its models
 * @param bundled those that come with ServiceBreaker, for their currency and their date
 * @param told whether costs that the provider names are in the currency in which money is counted
 */
public record Pricing(boolean spends, PriceList prices, PriceTable bundled, boolean told) {}
