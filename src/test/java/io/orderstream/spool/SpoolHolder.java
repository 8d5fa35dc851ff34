package io.orderstream.spool;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A program that has one entry in a spool, and keeps the spool until it is killed. */
public final class SpoolHolder {

    static final String HOLDS = "holds the spool";

    private SpoolHolder() {
    }

    /** @param args the directory */
    public static void main(String[] args) throws IOException, InterruptedException {
        SpoolStore store = new SpoolStore(Path.of(args[0]), SpoolFixture.CLOCK);
        SpoolFixture.append(store, SpoolFixture.entries(0, 1));
        System.out.println(HOLDS);
        new CountDownLatch(1).await();
    }
}
