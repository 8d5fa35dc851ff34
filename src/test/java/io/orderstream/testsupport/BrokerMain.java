package io.orderstream.testsupport;

import java.nio.file.Path;

import io.orderstream.dev.EmbeddedKafka;

/** A broker as a program: runs until it is told to end, and not longer than the program that wants it. */
public final class BrokerMain {

    static final String RUNNING = "broker runs";

    private BrokerMain() {
    }

    /** @param args the port, the directory of its data, and the process id of the program that wants it */
    public static void main(String[] args) {
        // A test that is killed closes nothing, and nobody else knows of this process.
        ProcessHandle.of(Long.parseLong(args[2])).orElseThrow().onExit().thenRun(() -> Runtime.getRuntime().halt(1));
        EmbeddedKafka kafka = new EmbeddedKafka(Integer.parseInt(args[0]), Path.of(args[1])).start();
        Runtime.getRuntime().addShutdownHook(new Thread(kafka::close, "broker stop"));
        System.out.println(RUNNING);
    }
}
