package io.orderstream.pipeline;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import org.jboss.logging.Logger;

import io.orderstream.deadletter.DeadLetterKind;
import io.orderstream.support.Failures;
import io.orderstream.support.LogText;
import io.orderstream.totals.RunningTotals;
import io.orderstream.trace.LogIds;

/**
 * The log lines about records on their way, one fact a line. What a record belongs to is in the MDC of its lines. A line that
 * is not logged costs nothing. The last parameter of a line about the fate of a record is the record itself, which the line
 * does not show: the console of dev mode makes a shorter one of it.
 */
final class RecordLog<T> {

    private static final Logger LOG = Logger.getLogger("io.orderstream.pipeline");

    private final PipelineDefinition<T> definition;
    private final RunningTotals average;

    RecordLog(PipelineDefinition<T> definition, RunningTotals average) {
        this.definition = definition;
        this.average = average;
    }

    /** What the guarantee suite knows of the handler's calls. */
    void attempt(InFlightRecord<T> record) {
        if (LOG.isTraceEnabled()) {
            about(record, () -> LOG.tracef("attempt: record=%s attempt=%d", record.position(), record.attempt()));
        }
    }

    /** The next attempt is made: after a backoff in place, by way of the retry topic, or after an outage. */
    void retried(InFlightRecord<T> record) {
        if (!LOG.isDebugEnabled()) {
            return;
        }
        if (record.retrySession() == null) {
            about(record, () -> LOG.debugf("retry: %s attempt=%d", label(record), record.attempt() + 1, record));
            return;
        }
        long delay = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - record.failedAtNanos());
        about(record, () -> LOG.debugf("retry: %s attempt=%d delay=%dms reason=\"%s\"", label(record), record.attempt() + 1,
                delay, Failures.reason(record.lastFailure()), record));
    }

    void notMoved(InFlightRecord<T> record, Throwable refusal) {
        about(record, () -> LOG.warnf("retried in place: record=%s reason=\"%s\"", record.position(),
                Failures.reason(refusal)));
    }

    void processed(InFlightRecord<T> record) {
        if (LOG.isDebugEnabled()) {
            about(record, () -> LOG.debugf("processed: %s partition=%d offset=%d attempt=%d %s", label(record),
                    record.partition(), record.offset(), record.attempt(),
                    said("summary", () -> LogText.line(definition.summary(average.totals())), ""), record));
        }
    }

    void deadLettered(InFlightRecord<T> record, DeadLetterKind kind, Throwable reason) {
        about(record, () -> LOG.warnf("dead letter: kind=%s %s topic=%s partition=%d offset=%d attempts=%d reason=\"%s\"",
                kind.label(), label(record), record.topic(), record.partition(), record.offset(), record.attempt(),
                Failures.reason(reason), record));
    }

    private String label(InFlightRecord<T> record) {
        return record.isDecoded() ? name(record) : "";
    }

    /** How a record is named: by its definition, or by its coordinates. */
    String name(InFlightRecord<T> record) {
        String label = record.isDecoded() ? said("label", () -> definition.label(record.value()), null) : null;
        return label == null ? "record=" + record.position() : LogText.line(label);
    }

    /** An error of the application, or of something it calls, in a step of this record. */
    void broken(InFlightRecord<T> record, Throwable failure) {
        about(record, () -> LOG.warnf("step failed: record=%s reason=\"%s\"", record.position(), Failures.brief(failure)));
    }

    /** No record is lost because a line about it cannot be written. */
    private void about(InFlightRecord<T> record, Runnable line) {
        try {
            Map<String, String> ids = new HashMap<>(said("ids", () -> definition.ids(record), Map.of()));
            ids.putAll(record.trace.ids());
            ids.remove(null);
            ids.values().removeIf(Objects::isNull);
            LogIds.about(ids, line);
        } catch (Throwable e) {
            failed("log line", e);
        }
    }

    /** A definition is somebody's code: no record is lost because what is said of it cannot be. */
    private static <R> R said(String what, Supplier<R> definition, R otherwise) {
        try {
            return definition.get();
        } catch (Throwable e) {
            failed(what, e);
            return otherwise;
        }
    }

    private static void failed(String what, Throwable failure) {
        try {
            LOG.warnf("not logged: what=\"%s\" reason=\"%s\"", what, Failures.brief(failure));
        } catch (Throwable e) {
            // Nobody is left to be told.
        }
    }
}
