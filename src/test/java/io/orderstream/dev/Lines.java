package io.orderstream.dev;

import io.orderstream.order.Attempt;
import io.orderstream.order.Order;
import io.orderstream.record.Delivery;

/** Lines as the pipeline of orders logs them. */
final class Lines {

    private static final float PRICE = 406.67f;

    private Lines() {
    }

    static ShortLine processed(String id, int attempt) {
        Delivery<?> record = order(id, "Notebook", attempt);
        return ShortLine.of("processed: %s partition=%d offset=%d attempt=%d %s",
                new Object[] { "order=" + id, 0, 17L, attempt, "average=479.56 count=17", record });
    }

    static ShortLine retry(String id, int attempt) {
        return ShortLine.of("retry: %s attempt=%d",
                new Object[] { "order=" + id, attempt, order(id, "Notebook", attempt - 1) });
    }

    static ShortLine retry(String id, int attempt, long delayMillis, String reason) {
        return ShortLine.of("retry: %s attempt=%d delay=%dms reason=\"%s\"",
                new Object[] { "order=" + id, attempt, delayMillis, reason, order(id, "Notebook", attempt - 1) });
    }

    static ShortLine deadLetter(String id, String kind, String reason) {
        return deadLetter(order(id, "Notebook", 1), "order=" + id, kind, reason);
    }

    static ShortLine deadLetter(Delivery<?> record, String label, String kind, String reason) {
        return ShortLine.of("dead letter: kind=%s %s topic=%s partition=%d offset=%d attempts=%d reason=\"%s\"",
                new Object[] { kind, label, record.topic(), record.partition(), record.offset(), 1, reason, record });
    }

    static Delivery<Order> order(String id, String product, int attempt) {
        return new Attempt(new Order(id, product, PRICE), attempt, 17);
    }
}
