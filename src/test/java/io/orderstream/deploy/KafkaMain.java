package io.orderstream.deploy;

import kafka.Kafka;

/** Kafka's own program, which ends with the program that wants it. */
public final class KafkaMain {

    private KafkaMain() {
    }

    /** @param args the file of its properties, and the process id of the program that wants it */
    public static void main(String[] args) {
        // A test that is killed closes nothing, and nobody else knows of this process.
        ProcessHandle.of(Long.parseLong(args[1])).orElseThrow().onExit().thenRun(() -> Runtime.getRuntime().halt(1));
        Kafka.main(new String[] { args[0] });
    }
}
