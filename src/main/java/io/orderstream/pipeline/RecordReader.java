package io.orderstream.pipeline;

import java.util.List;
import java.util.function.Function;

import io.orderstream.record.Decoder;
import io.orderstream.record.UndecodableException;
import io.orderstream.totals.CountKey;

/**
 * Decodes records, and asks the definition of their pipeline once for all it says of a value. A definition is somebody's code:
 * whatever it throws makes that record a dead letter, and no other.
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
        } catch (RuntimeException | StackOverflowError e) {
            record.invalid(new UndecodableException(e.toString(), e));
        }
        if (record.isDecoded()) {
            describe(record);
        }
    }

    private void decode(InFlightRecord<T> record) {
        byte[] bytes = record.record.getPayload();
        if (bytes == null) {
            throw new UndecodableException("the value is null (a tombstone)");
        }
        record.decoded(decoder.tryDecode(bytes));
    }

    private void describe(InFlightRecord<T> record) {
        T value = record.value();
        try {
            record.tracked.named(keys.apply(value));
            record.described(definition.lane(value), definition.amount(value));
        } catch (RuntimeException e) {
            record.invalid(e);
        }
    }

    /** Under which keys a record is counted that could not be decoded. */
    List<CountKey> keysOfUndecoded() {
        return keys.apply(null);
    }
}
