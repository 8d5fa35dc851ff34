package io.orderstream.metrics;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.orderstream.support.Labelled;

/**
 * All metrics of orderstream. Names and tags are public API: dashboards and alerts rely on them. In Prometheus'
 * format dots become underscores, followed by the unit and, for counters, {@code _total}.
 */
public enum Metric {

    RECEIVED(Kind.COUNTER, "orderstream.records.received", null, "Records taken from a pipeline's topic.", Tag.PIPELINE),
    PROCESSED(Kind.COUNTER, "orderstream.records.processed", null, "Records whose handler succeeded.", Tag.PIPELINE),
    DEAD_LETTERED(Kind.COUNTER, "orderstream.records.dead.lettered", null,
            "Records given up, once the broker has confirmed their dead letter.", Tag.PIPELINE, Tag.KIND),
    RETRIES(Kind.COUNTER, "orderstream.retries", null,
            "Attempts beyond the first, by their number: 2 is the first retry, 10 stands for all from there on.", Tag.PIPELINE,
            Tag.ATTEMPT),
    RECORDS_LOST(Kind.COUNTER, "orderstream.records.lost", null,
            "Offsets that were deleted, by the retention of their topic or by an operator, before this instance could read them.",
            Tag.PIPELINE, Tag.TOPIC),

    GROUP_RECEIVED(Kind.GAUGE, "orderstream.group.received", null,
            "Records the whole consumer group has taken, exact, as of its last commits.", Tag.PIPELINE),
    GROUP_PROCESSED(Kind.GAUGE, "orderstream.group.processed", null,
            "Records the whole consumer group has processed, exact, as of its last commits.", Tag.PIPELINE),
    GROUP_DEAD_LETTERED(Kind.GAUGE, "orderstream.group.dead.lettered", null,
            "Records the whole consumer group has given up, exact, as of its last commits.", Tag.PIPELINE),
    REVENUE(Kind.GAUGE, "orderstream.revenue", null,
            "Sum of the prices of all processed orders of the consumer group, as of its last commits."),
    AVERAGE(Kind.GAUGE, "orderstream.average", null,
            "Average price of all processed orders of the consumer group, as of its last commits."),

    IN_FLIGHT(Kind.GAUGE, "orderstream.in.flight", null,
            "Records taken and not finished, those that wait for their retry included.", Tag.PIPELINE),
    LANES(Kind.GAUGE, "orderstream.lanes", null, "Keys that have records in work.", Tag.PIPELINE),
    OLDEST_UNFINISHED_AGE(Kind.GAUGE, "orderstream.oldest.unfinished.age", "seconds",
            "How long the oldest record of a partition is in work, or the next one cannot be fetched; 0 if neither.",
            Tag.PIPELINE, Tag.TOPIC, Tag.PARTITION),
    STUCK_AFTER(Kind.GAUGE, "orderstream.stuck.after", "seconds",
            "The setting of that name: the age at which the oldest unfinished record of a partition is too old."),
    CONSUMER_FAILING(Kind.GAUGE, "orderstream.consumer.failing", null,
            "1 while the consumer of a channel has no partition, or only failed polls, for longer than is usual; else 0.",
            Tag.PIPELINE, Tag.CHANNEL),
    CONSUMER_LAG(Kind.GAUGE, "kafka.consumer.lag", null,
            "Records between what a group has committed and the end of the partition; of a dead-letter topic, those the "
                    + "monitor of this instance has not read.",
            Tag.GROUP, Tag.TOPIC, Tag.PARTITION),
    CONSUMER_LAG_IN_TRANSACTION(Kind.GAUGE, "kafka.consumer.lag.in.transaction", null,
            "The part of kafka_consumer_lag that is in or behind an open transaction, and cannot be read before its end.",
            Tag.GROUP, Tag.TOPIC, Tag.PARTITION),

    HANDLER(Kind.TIMER, "orderstream.handler", "seconds",
            "Time of one call of the handler; with those that block or call out, that for a thread or a connection included.",
            Tag.PIPELINE, Tag.OUTCOME),
    END_TO_END(Kind.TIMER, "orderstream.end.to.end", "seconds",
            "Time from a record's timestamp until it is processed or its dead letter confirmed.", Tag.PIPELINE),
    COMMIT(Kind.TIMER, "orderstream.commit", "seconds",
            "Time the broker takes for a commit of offsets and totals, the last ones of a partition excepted.",
            Tag.CHANNEL, Tag.OUTCOME),

    OUTAGE(Kind.GAUGE, "orderstream.outage", null, "1 while a pipeline waits because something else is down, else 0.",
            Tag.PIPELINE, Tag.CAUSE),
    OUTAGE_SECONDS(Kind.COUNTER, "orderstream.outage.seconds", null, "Seconds a pipeline has waited in outages.", Tag.PIPELINE,
            Tag.CAUSE),

    DEAD_LETTERS(Kind.GAUGE, "orderstream.dead.letters", null, "Original records in the dead-letter topics.", Tag.KIND),
    DEAD_LETTERS_REFUSED(Kind.GAUGE, "orderstream.dead.letters.refused", null,
            "Dead letters the broker has refused, which are tried again until they are written.", Tag.PIPELINE),
    DEAD_LETTER_OLDEST_AGE(Kind.GAUGE, "orderstream.dead.letter.oldest.age", "seconds",
            "Age of the oldest dead letter that can be listed and has not been redriven; 0 if there is none."),
    REDRIVE_JOBS(Kind.GAUGE, "orderstream.redrive.jobs", null, "Redrive jobs there have been, by what they are now.",
            Tag.STATE),
    REDRIVE_SENT(Kind.GAUGE, "orderstream.redrive.sent", null, "Dead letters that all redrive jobs have sent back."),
    REDRIVE_SKIPPED(Kind.GAUGE, "orderstream.redrive.skipped", null,
            "Dead letters that redrive jobs have left where they are."),

    SPOOL_RECORDS(Kind.GAUGE, "orderstream.spool.records", null, "Records in the spool on the disk."),
    SPOOL_SIZE(Kind.GAUGE, "orderstream.spool.size", "bytes", "Size of the spool on the disk.");

    /** What Prometheus takes it for. */
    public enum Kind implements Labelled {
        /** Only grows, since the start of the instance. */
        COUNTER,
        /** A current value. */
        GAUGE,
        /** A histogram of durations. */
        TIMER;
    }

    /** Upper bounds of a timer's buckets: from a handler that does nothing to a record that waited for an outage. */
    private static final Duration[] BUCKETS = { Duration.ofMillis(1), Duration.ofMillis(5), Duration.ofMillis(10),
            Duration.ofMillis(25), Duration.ofMillis(50), Duration.ofMillis(100), Duration.ofMillis(250),
            Duration.ofMillis(500),
            Duration.ofSeconds(1), Duration.ofMillis(2500), Duration.ofSeconds(5), Duration.ofSeconds(10),
            Duration.ofSeconds(30), Duration.ofMinutes(1), Duration.ofMinutes(5), Duration.ofMinutes(15) };

    private final Kind kind;
    private final String id;
    private final String unit;
    private final String help;
    private final List<Tag> tags;

    Metric(Kind kind, String id, String unit, String help, Tag... tags) {
        this.kind = kind;
        this.id = id;
        this.unit = unit;
        this.help = help;
        this.tags = List.of(tags);
    }

    public Kind kind() {
        return kind;
    }

    /** The name in Micrometer. */
    public String id() {
        return id;
    }

    /** The base unit, null if there is none. Micrometer sets the unit of timers. */
    public String unit() {
        return unit;
    }

    /** Description of the metric. */
    public String help() {
        return help;
    }

    public List<Tag> tags() {
        return tags;
    }

    /** Returns the tags with these values, which must be as many as, and in the order of, {@link #tags()}. */
    public Tags tags(String... values) {
        if (values.length != tags.size()) {
            throw new IllegalArgumentException(this + " has the tags " + tags + ", not " + Arrays.toString(values));
        }
        return Tags.of(IntStream.range(0, values.length)
                .mapToObj(number -> io.micrometer.core.instrument.Tag.of(tags.get(number).label(), values[number])).toList());
    }

    /**
     * The name in Prometheus' format; a timer's without {@code _bucket}, {@code _count}, {@code _sum}, {@code _max}.
     */
    public String prometheusName() {
        String name = id.replace('.', '_') + (unit == null ? "" : "_" + unit);
        return kind == Kind.COUNTER ? name + "_total" : name;
    }

    /** Registers the counter with these tag values, or returns it if it is registered. */
    public Counter counter(MeterRegistry registry, String... values) {
        return Counter.builder(id).description(help).baseUnit(unit).tags(tags(values)).register(registry);
    }

    /**
     * Registers the counter with these values of its tags, which reads its value whenever it is asked. It replaces one that
     * an earlier application in this JVM has left, as in tests, which would stand in for it.
     */
    public <T> FunctionCounter counter(MeterRegistry registry, T read, ToDoubleFunction<T> value, String... values) {
        removeEarlier(registry, Meter.Type.COUNTER, values);
        return FunctionCounter.builder(id, read, value).description(help).baseUnit(unit).tags(tags(values)).register(registry);
    }

    /**
     * Registers the gauge with these values of its tags, as
     * {@link #counter(MeterRegistry, Object, ToDoubleFunction, String...)}.
     */
    public <T> Gauge gauge(MeterRegistry registry, T read, ToDoubleFunction<T> value, String... values) {
        removeEarlier(registry, Meter.Type.GAUGE, values);
        return Gauge.builder(id, read, value).description(help).baseUnit(unit).tags(tags(values)).strongReference(true)
                .register(registry);
    }

    private void removeEarlier(MeterRegistry registry, Meter.Type type, String... values) {
        registry.removeByPreFilterId(new Meter.Id(id, tags(values), unit, help, type));
    }

    /** A gauge for each row that is registered, as many as there are, instead of all an earlier application has left. */
    public MultiGauge rows(MeterRegistry registry) {
        registry.find(id).meters().forEach(registry::remove);
        return MultiGauge.builder(id).description(help).baseUnit(unit).register(registry);
    }

    /** Registers the timer with these tag values, or returns it if it is registered. */
    public Timer timer(MeterRegistry registry, String... values) {
        return Timer.builder(id).description(help).tags(tags(values)).serviceLevelObjectives(BUCKETS).register(registry);
    }
}
