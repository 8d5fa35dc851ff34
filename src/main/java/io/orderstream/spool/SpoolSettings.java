package io.orderstream.spool;

import io.orderstream.settings.Setting;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Settings of the spool, which stores orders that could not be written to Kafka, and dead letters that are too large. */
@ConfigMapping(prefix = "orderstream.spool")
public interface SpoolSettings {

    @Setting(env = "SPOOL_DIRECTORY", doc = "Directory for orders that cannot be written to Kafka, until they can, of one process at a time; and for dead letters that are too large for their topic.")
    @WithDefault("spool")
    String directory();

    @Setting(env = "SPOOL_MAX_BYTES", doc = "Size of the spool in bytes at which no further orders are generated; and of the dead letters kept there, which are counted apart, at which one more has to wait.", min = "1000")
    @WithDefault("104857600")
    long maxBytes();
}
