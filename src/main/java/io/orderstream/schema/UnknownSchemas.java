package io.orderstream.schema;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

import io.orderstream.record.RecordNotReadyException;
import io.orderstream.schema.RegistryContent.Finding;
import io.orderstream.schema.RegistryContent.State;

/**
 * Decides what it means that the registry does not know a schema id: records wait for it at first, since a schema
 * may be registered late or reach a node late; in the end the id is wrong, and records with it are dead letters;
 * and if the registry has lost schemas, it is an outage and says nothing about the id.
 * <p>
 * Not thread safe.
 */
final class UnknownSchemas {

    /** How many different ids, unknown at the same time, are an outage at first: a topic has schemas of a few producers. */
    static final int MANY = 10;

    /**
     * While the registry has lost some of its schemas, or one of its nodes does not answer, ids have this many times as long.
     */
    static final int PATIENCE_IN_DOUBT = 10;

    /** Once many ids have been unknown for long, each further one has only this part of the time. */
    static final int HASTE = 10;

    /** Most ids remembered. They come from the data, so their number must be bounded. */
    static final int MOST = 10_000;

    /**
     * Ids that were not asked for during this time are forgotten. Longer than the longest time between two attempts to decode a
     * record.
     */
    private static final long SHORTEST_MEMORY = Duration.ofSeconds(10).toNanos();

    private final long afterNanos;
    private final long memoryNanos;
    /**
     * By the time of their last refusal, eldest first; without those that are to be forgotten, these are unknown at the same
     * time.
     */
    private final Map<Integer, Unknown> ids = new LinkedHashMap<>();
    /**
     * When there were last fewer than {@link #MANY}, or nothing was to be said of them since the registry had lost its content.
     */
    private long notManyNanos;

    /**
     * An id that the registry does not know.
     *
     * @param firstNanos since when, as far as the registry could know it
     * @param askedNanos when the registry was last asked
     * @param verdict what follows for records that were there by then: {@link RegistryRejectedException} if they
     *        are dead letters, {@link RegistryUnavailableException} in an outage, else {@link
     *        RecordNotReadyException}
     */
    record Unknown(long firstNanos, long askedNanos, RuntimeException verdict) {
    }

    /** @param after how long an id must have been unknown to be wrong */
    UnknownSchemas(Duration after) {
        this.afterNanos = after.toNanos();
        this.memoryNanos = Math.max(afterNanos, SHORTEST_MEMORY);
    }

    /** What is known of an id, null if nothing is. */
    Unknown get(int id) {
        return ids.get(id);
    }

    /** The registry knows the id, or was not able to answer: if it is unknown later, its time begins anew. */
    void forget(int id) {
        ids.remove(id);
    }

    /**
     * The registry does not know the id.
     *
     * @param content what is known of the registry's content
     * @param askedNanos when it was asked
     * @param now the time now
     * @return the verdict
     */
    RuntimeException refused(int id, RegistryRejectedException refusal, Finding content, long askedNanos, long now) {
        boolean isLost = content.state() == State.LOST;
        Unknown before = ids.remove(id);
        forgetOld(now);
        long first = before == null || isLost ? now : before.firstNanos();
        ids.put(id, new Unknown(first, askedNanos, refusal));
        if (isLost || ids.size() < MANY) {
            notManyNanos = now;
        }
        RuntimeException verdict = isLost ? new RegistryUnavailableException(content.reason(), refusal)
                : verdict(id, refusal, content, now - first, now - notManyNanos);
        ids.put(id, new Unknown(first, askedNanos, verdict));
        return verdict;
    }

    private void forgetOld(long now) {
        Iterator<Unknown> eldestFirst = ids.values().iterator();
        while (eldestFirst.hasNext()) {
            Unknown eldest = eldestFirst.next();
            if (now - eldest.askedNanos() < memoryNanos && ids.size() < MOST) {
                return;
            }
            eldestFirst.remove();
        }
    }

    /**
     * @param age how long the id has been unknown
     * @param many how long many have been
     */
    private RuntimeException verdict(int id, RegistryRejectedException refusal, Finding content, long age, long many) {
        boolean isDoubtful = content.state() == State.PARTLY_LOST || !refusal.isByAll();
        long patience = isDoubtful ? PATIENCE_IN_DOUBT * afterNanos : afterNanos;
        boolean areMany = ids.size() >= MANY;
        if (areMany && many < patience) {
            return new RegistryUnavailableException(
                    "the schema registry does not know %d schema ids that records have".formatted(ids.size()), refusal);
        }
        if (age >= (areMany ? patience / HASTE : patience)) {
            return refusal;
        }
        if (!isDoubtful) {
            return new RecordNotReadyException("the schema registry does not know schema id " + id);
        }
        return new RegistryUnavailableException(content.state() == State.PARTLY_LOST ? content.reason()
                : "the schema registry does not know schema id %d, and not every node answers".formatted(id), refusal);
    }
}
