package io.orderstream.api;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.UriInfo;

import io.orderstream.deadletter.DeadLetter;
import io.orderstream.deadletter.DeadLetterMonitor;
import io.orderstream.deadletter.DeadLetterSummary;
import io.orderstream.deadletter.IndexedDeadLetter;
import io.orderstream.deadletter.Origin;
import io.orderstream.deadletter.ReadValue;
import io.orderstream.deadletter.ValueReader;
import io.orderstream.order.Order;
import io.orderstream.order.OrderDecoder;
import io.orderstream.order.OrderSettings;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Uni;

/**
 * REST resource that lists dead letters. They come from the monitor's memory, on a worker thread since there may be
 * many. Values are decoded on request; while the schema registry is unavailable they are returned as bytes only.
 */
@Path("/api/dead-letters")
@Blocking
public class DeadLetterResource {

    /** Timeout for fetching the schema of an order. Short, since an API call waits for it. */
    private static final Duration REGISTRY_TIMEOUT = Duration.ofSeconds(1);

    private final DeadLetterMonitor monitor;
    private final ValueReader values;
    private final OrderDecoder decoder;
    private final OrderSettings orders;

    DeadLetterResource(DeadLetterMonitor monitor, ValueReader values, OrderDecoder decoder, OrderSettings orders) {
        this.monitor = monitor;
        this.values = values;
        this.decoder = decoder;
        this.orders = orders;
    }

    /**
     * Returns the selected dead letters, newest first; see {@link DeadLetterQuery}. With {@code shape=record} only
     * those of orders, each as {@link OrderDeadLetterView} instead of {@link DeadLetterView}.
     */
    @GET
    public Uni<? extends List<?>> list(@Context UriInfo uri) {
        DeadLetterQuery query = DeadLetterQuery.of(uri.getQueryParameters(), Instant.now());
        return query.asRecords() ? all(ofOrders(query), this::orderView)
                : all(monitor.newestFirst(query.filter(), query.status()).limit(query.limit()).toList(), this::view);
    }

    /** Including those whose value cannot be decoded. */
    private List<IndexedDeadLetter> ofOrders(DeadLetterQuery query) {
        return monitor.newestFirst(query.filter(), query.status()).filter(entry -> isOfOrder(entry.letter()))
                .limit(query.limit()).toList();
    }

    private boolean isOfOrder(DeadLetter letter) {
        return letter.topic().equals(orders.dlqTopic()) || letter.origin() != null
                && List.of(orders.topic(), orders.retryTopic()).contains(letter.origin().topic());
    }

    /** Never fails; without the order's fields if the value cannot be decoded or the registry does not answer. */
    private Uni<OrderDeadLetterView> orderView(IndexedDeadLetter entry) {
        byte[] value = entry.value();
        Uni<Order> order = value == null || entry.isTruncated() ? Uni.createFrom().nullItem()
                : decoder.load(value).ifNoItem().after(REGISTRY_TIMEOUT).fail().map(loaded -> decoder.tryDecode(value))
                        .onFailure().recoverWithNull();
        return order.map(known -> OrderDeadLetterView.of(entry.letter(), known));
    }

    /** Returns counts, and groups by kind and reason. */
    @GET
    @Path("summary")
    public Uni<DeadLetterSummaryView> summary() {
        DeadLetterSummary summary = monitor.summary();
        return all(summary.groups(), this::group).map(groups -> DeadLetterSummaryView.of(summary, groups));
    }

    private Uni<DeadLetterSummaryView.Group> group(DeadLetterSummary.Group group) {
        return group.sample() == null ? Uni.createFrom().item(DeadLetterSummaryView.Group.of(group, null))
                : view(group.sample()).map(sample -> DeadLetterSummaryView.Group.of(group, sample));
    }

    private Uni<DeadLetterView> view(IndexedDeadLetter entry) {
        Uni<ReadValue> read = entry.isTruncated() ? Uni.createFrom().nullItem() : values.read(entry.value(), topics(entry));
        return read.map(value -> DeadLetterView.of(entry, monitor.status(entry.letter()), value));
    }

    /** Topics whose subjects may have the value's schema: the original topic and the dead-letter topic. */
    private static List<String> topics(IndexedDeadLetter entry) {
        DeadLetter letter = entry.letter();
        return Stream.concat(Stream.ofNullable(letter.origin()).map(Origin::topic), Stream.of(letter.topic()))
                .toList();
    }

    private static <T, R> Uni<List<R>> all(List<T> items, Function<T, Uni<R>> toUni) {
        return items.isEmpty() ? Uni.createFrom().item(List.of())
                : Uni.join().all(items.stream().map(toUni).toList()).andFailFast();
    }
}
