package io.orderstream.pipeline;

import java.util.List;
import java.util.function.Function;

import io.orderstream.record.Decoder;
import io.orderstream.record.PoisonException;
import io.orderstream.record.UndecodableException;
import io.orderstream.support.Failures;
import io.orderstream.totals.CountKey;

/**
 * Decodes records, and asks the definition of their pipeline once for all it says of a value. A definition is somebody's code:
 * whatever it throws, errors included, makes that record a dead letter, and no other.
 *
 * @param <T> type of the decoded values
 */
final class RecordReader<T> {

    private final PipelineDefinition<T> definition;
    private final Decoder<T> decoder;
    private final Function<T, List<CountKey>> keys;

    RecordReader(PipelineDefinition<T> definition) {
        this.definition = definition;
        this.decoder = definition.decoder();
        this.keys = definition.countKeys().orElse(value -> List.of());
    }

    Decoder<T> decoder() {
        return decoder;
    }

    /** Reads a record. Afterwards it is decoded, invalid, or neither if something has to be fetched first. */
    void read(InFlightRecord<T> record) {
        try {
            decode(record);
        } catch (UndecodableException e) {
            record.invalid(e);
        } catch (Throwable e) {
            record.invalid(new UndecodableException("the decoder has failed: " + Failures.brief(e), e));
        }
        if (record.isDecoded()) {
            describe(record);
        }
    }

    private void decode(InFlightRecord<T> record) {
        byte[] bytes = record.record.value();
        if (bytes == null) {
            throw new UndecodableException("the value is null (a tombstone)");
        }
        record.decoded(decoder.tryDecode(bytes));
    }

    private void describe(InFlightRecord<T> record) {
        T value = record.value();
        try {
            record.tracked.named(complete(keys.apply(value)));
            record.described(definition.lane(value), bounded(definition.amount(value)));
        } catch (PoisonException | UndecodableException e) {
            record.invalid(e);
        } catch (Throwable e) {
            record.invalid(new PoisonException("the definition of the pipeline has failed for it: " + Failures.brief(e), e));
        }
    }

    private static List<CountKey> complete(List<CountKey> keys) {
        try {
            return List.copyOf(keys);
        } catch (NullPointerException e) {
            throw new PoisonException("its count keys are null, or one of them is", e);
        }
    }

    private static long bounded(long amount) {
        if (amount < -PipelineDefinition.LARGEST_AMOUNT || amount > PipelineDefinition.LARGEST_AMOUNT) {
            throw new PoisonException(
                    "its amount must be at most " + PipelineDefinition.LARGEST_AMOUNT + " or its negative, but is "
                            + amount);
        }
        return amount;
    }

    /**
     * Under which keys a record is counted that could not be decoded: those that the decoder could read, or those that the
     * definition has for such records.
     *
     * @param reason why it could not be decoded
     */
    List<CountKey> keysOfUndecoded(Throwable reason) {
        List<CountKey> read = reason instanceof UndecodableException undecodable ? undecodable.names() : List.of();
        return complete(read == null || read.isEmpty() ? keys.apply(null) : read);
    }
}
