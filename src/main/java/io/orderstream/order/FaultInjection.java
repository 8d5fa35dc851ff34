package io.orderstream.order;

/**
 * Faults in front of the order handler, whichever there is. Dev mode has a bean of this type, with which one can see what the
 * pipeline makes of them; otherwise there is none. Asked before each call of the handler, on the same thread.
 */
public interface FaultInjection {

    /** @return what the call fails with; null if the handler is called */
    RuntimeException faultOf(Order order);
}
