package io.orderstream.bench;

/** A program that reads all orders, in a process of its own. */
interface Contender {

    String name();

    /**
     * Runs it once, and fails unless it counts every order once, to the cent, and commits them all.
     *
     * @param orders what it reads
     * @param group its consumer group, which is new
     */
    Measurement run(BenchOrders orders, String group);
}
