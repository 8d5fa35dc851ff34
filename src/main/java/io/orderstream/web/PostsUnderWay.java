package io.orderstream.web;

/** Bounds the requests whose bodies are in memory at a time, and the bytes of these together. Thread safe. */
final class PostsUnderWay {

    private final int mostRequests;
    private final long mostBytes;
    private int requests;
    private long bytes;

    PostsUnderWay(int mostRequests, long mostBytes) {
        this.mostRequests = mostRequests;
        this.mostBytes = mostBytes;
    }

    /** Whether a body of this size may come, which is counted then until its {@link #end}. */
    synchronized boolean begin(long size) {
        if (requests >= mostRequests || size > mostBytes - bytes) {
            return false;
        }
        requests++;
        bytes += size;
        return true;
    }

    synchronized void end(long size) {
        requests--;
        bytes -= size;
    }
}
