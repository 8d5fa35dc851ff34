package io.orderstream.guarantee;

import java.util.Map;

import io.orderstream.totals.Totals;

/**
 * What a group has counted.
 *
 * @param totals of all its records
 * @param names by name, such as the type of an event; none if the pipeline does not count so
 */
record GroupCount(Totals totals, Map<String, Totals> names) {
}
