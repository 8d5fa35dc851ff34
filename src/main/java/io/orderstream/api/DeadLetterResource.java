package io.orderstream.api;

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
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Uni;

/**
 * REST resource that lists dead letters. They come from the monitor's memory, on a worker thread since there may be
 * many. Values are decoded on request; while the schema registry is unavailable they are returned as bytes only.
 */
@Path("/api/dead-letters")
@Blocking
public class DeadLetterResource {

    private final DeadLetterMonitor monitor;
    private final ValueReader values;
    private final OrderDeadLetters orders;

    DeadLetterResource(DeadLetterMonitor monitor, ValueReader values, OrderDeadLetters orders) {
        this.monitor = monitor;
        this.values = values;
        this.orders = orders;
    }

    /**
     * Returns the selected dead letters, newest first; see {@link DeadLetterQuery}. With {@code shape=record} only
     * those of orders, each as {@link OrderDeadLetterView} instead of {@link DeadLetterView}.
     */
    @GET
    public Uni<? extends List<?>> list(@Context UriInfo uri) {
        DeadLetterQuery query = DeadLetterQuery.of(uri.getQueryParameters(), Instant.now());
        return query.asRecords() ? all(orders.list(query), orders::view)
                : all(monitor.newestFirst(query.filter(), query.status()).limit(query.limit()).toList(), this::view);
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
