package io.orderstream.pipeline;

import io.orderstream.record.Decoder;

/** A definition of a test whose values are the bytes themselves. */
interface OfBytes extends PipelineDefinition<byte[]> {

    @Override
    default String name() {
        return "orders";
    }

    @Override
    default Decoder<byte[]> decoder() {
        return bytes -> bytes;
    }
}
