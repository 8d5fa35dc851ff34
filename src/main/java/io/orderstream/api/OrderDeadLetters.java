package io.orderstream.api;

import java.time.Duration;
import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import io.orderstream.deadletter.DeadLetter;
import io.orderstream.deadletter.DeadLetterMonitor;
import io.orderstream.deadletter.IndexedDeadLetter;
import io.orderstream.order.Order;
import io.orderstream.order.OrderDecoder;
import io.orderstream.order.OrderSettings;
import io.smallrye.mutiny.Uni;

/** Selects the dead letters of orders and decodes them with the pipeline's decoder. */
@ApplicationScoped
public class OrderDeadLetters {

    /** Timeout for fetching the schema. Short, since an API call waits for it. */
    private static final Duration REGISTRY_TIMEOUT = Duration.ofSeconds(1);

    private final DeadLetterMonitor monitor;
    private final OrderDecoder decoder;
    private final OrderSettings settings;

    OrderDeadLetters(DeadLetterMonitor monitor, OrderDecoder decoder, OrderSettings settings) {
        this.monitor = monitor;
        this.decoder = decoder;
        this.settings = settings;
    }

    /** Returns the selected dead letters, newest first, including those whose value cannot be decoded. */
    List<IndexedDeadLetter> list(DeadLetterQuery query) {
        return monitor.newestFirst(query.filter(), query.status()).filter(entry -> isOfOrder(entry.letter()))
                .limit(query.limit()).toList();
    }

    private boolean isOfOrder(DeadLetter letter) {
        return letter.topic().equals(settings.dlqTopic()) || letter.origin() != null
                && List.of(settings.topic(), settings.retryTopic()).contains(letter.origin().topic());
    }

    /** Never fails; without the order's fields if the value cannot be decoded or the registry does not answer. */
    Uni<OrderDeadLetterView> view(IndexedDeadLetter entry) {
        return order(entry).map(order -> OrderDeadLetterView.of(entry.letter(), order));
    }

    private Uni<Order> order(IndexedDeadLetter entry) {
        byte[] value = entry.value();
        if (value == null || entry.isTruncated()) {
            return Uni.createFrom().nullItem();
        }
        return decoder.load(value).ifNoItem().after(REGISTRY_TIMEOUT).fail().map(loaded -> decoder.tryDecode(value))
                .onFailure().recoverWithNull();
    }
}
