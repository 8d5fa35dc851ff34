package io.orderstream.deploy;

import java.nio.file.Path;

/** How the brokers people run log: what the image apache/kafka takes from whoever runs it. */
final class BrokerLog {

    /** In the place of the image's own, which writes files and deletes none. */
    static final Path FILE = Manifests.DEMO.resolve("kafka/log4j2.yaml");
    static final String NAME = "log4j2.yaml";
    /** Where the image looks for files that replace its own. */
    static final Path MOUNTED = Path.of("/mnt/shared/config");

    /** If it is not empty, the start script adds no file of up to 1 GB. */
    static final String GC = "KAFKA_GC_LOG_OPTS";
    static final String NO_FILE = "-Xlog:gc\\*?=\\w+";

    private BrokerLog() {
    }
}
