package io.orderstream.tracker;

/**
 * So many pieces of an item for a user.
 *
 * @param id names the order
 * @param user who has ordered
 * @param item what
 * @param quantity how many, at least one
 */
public record ItemOrder(String id, String user, String item, long quantity) {
}
