package io.orderstream.order;

/** Prices as whole cents, the only form in which they are added. */
public final class Money {

    /** Keeps nine billion orders of this price within the range of a {@code long}. */
    private static final float LARGEST_PRICE = 10_000_000f;

    private Money() {
    }

    /**
     * The price of an order in cents, half a cent up. Exact for prices that are decimal with two digits and below 131,072:
     * there a float still tells one cent from the next.
     *
     * @throws PoisonOrderException if it is no amount of money: not a number, infinite, or beyond ten million
     */
    public static long cents(Order order) {
        float price = order.getPrice();
        if (!(Math.abs(price) <= LARGEST_PRICE)) {
            throw new PoisonOrderException("price must be a number up to " + (long) LARGEST_PRICE + ", but is " + price);
        }
        return Math.round(price * 100.0);
    }
}
