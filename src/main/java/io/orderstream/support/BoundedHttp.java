package io.orderstream.support;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.AsyncResult;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SSLOptions;

/**
 * HTTP client for servers that are not trusted: neither the size of an answer nor the time it takes is theirs to choose.
 * <p>
 * Of a body only the beginning is kept in memory. A body that goes on for longer than {@link Limits#read()} is not read to its
 * end: the answer is complete then, and its connection is closed. So is the connection of a call that has taken too long or
 * has been cancelled. Headers of more than 8 KiB fail the call. Compressed bodies are not decompressed, and redirects are not
 * followed.
 * <p>
 * Thread safe, never blocks. Answers arrive on the caller's Vert.x context if it has one.
 */
public final class BoundedHttp implements AutoCloseable {

    private final Vertx vertx;
    private final HttpClient client;
    private final Limits limits;

    /**
     * What is taken of an answer at most.
     *
     * @param whole time from the call to the last byte, at least 1 ms; a wait for a free connection is part of it
     * @param kept bytes of the body that are kept
     * @param read bytes of the body that are read
     */
    public record Limits(Duration whole, int kept, int read) {
    }

    /**
     * An answer, whatever its status.
     *
     * @param reason what the server says in place of the status' name
     * @param retryAfter the header of that name
     * @param body the bytes that were kept
     * @param isCut whether there were more bytes than were read
     */
    public record Answer(int status, String reason, Optional<String> retryAfter, Buffer body, boolean isCut) {
    }

    /** @param options as for any Vert.x client; decompression must stay off */
    public BoundedHttp(Vertx vertx, HttpClientOptions options, PoolOptions pool, Limits limits) {
        if (options.isDecompressionSupported()) {
            throw new IllegalArgumentException("a decompressed body has no bound");
        }
        this.vertx = vertx;
        this.client = vertx.createHttpClient(options, pool);
        this.limits = limits;
    }

    /**
     * Sends a request on each subscription.
     *
     * @param body null for none
     * @return the answer; fails if there is none, with {@link TimeoutException} if it is not complete in time
     */
    public Uni<Answer> send(RequestOptions options, Buffer body) {
        return Uni.createFrom().emitter(caller -> new Call(caller).start(options, body));
    }

    /** Uses these keys and certificates for all connections that are opened from now on. */
    public void renew(SSLOptions tls) {
        client.updateSSLOptions(tls);
    }

    /** Closes all connections; calls in progress fail. */
    @Override
    public void close() {
        client.close();
    }

    private final class Call {

        private final UniEmitter<? super Answer> caller;
        private final AtomicBoolean over = new AtomicBoolean();
        private final Buffer kept = Buffer.buffer();
        private final long timer;
        private volatile HttpClientRequest request;
        private int read;

        Call(UniEmitter<? super Answer> caller) {
            this.caller = caller;
            this.timer = vertx.setTimer(limits.whole().toMillis(), late -> abandon(new TimeoutException(
                    "not complete within " + limits.whole().toMillis() + " ms")));
        }

        void start(RequestOptions options, Buffer body) {
            caller.onTermination(this::cancelled);
            client.request(options).onComplete(opened -> {
                if (opened.failed()) {
                    fail(opened.cause());
                    return;
                }
                request = opened.result();
                if (over.get()) {
                    // A connection that comes too late would otherwise never be given back.
                    request.reset();
                    return;
                }
                (body == null ? request.send() : request.send(body)).onComplete(this::answered);
            });
        }

        private void answered(AsyncResult<HttpClientResponse> answered) {
            if (answered.failed()) {
                fail(answered.cause());
                return;
            }
            HttpClientResponse response = answered.result();
            response.exceptionHandler(this::fail);
            response.handler(chunk -> {
                read += chunk.length();
                kept.appendBuffer(chunk, 0, Math.min(chunk.length(), limits.kept() - kept.length()));
                if (read > limits.read()) {
                    complete(response, true);
                    request.reset();
                }
            });
            response.endHandler(end -> complete(response, false));
        }

        private void complete(HttpClientResponse response, boolean isCut) {
            if (ends()) {
                caller.complete(new Answer(response.statusCode(), response.statusMessage(),
                        Optional.ofNullable(response.getHeader("Retry-After")), kept, isCut));
            }
        }

        private void fail(Throwable failure) {
            if (ends()) {
                caller.fail(failure);
            }
        }

        /** Also told of each call that has ended. For those no exception is made: a stack trace takes microseconds. */
        private void cancelled() {
            if (!over.get()) {
                abandon(new IllegalStateException("cancelled"));
            }
        }

        private void abandon(Throwable failure) {
            if (ends()) {
                HttpClientRequest open = request;
                if (open != null) {
                    open.reset(0, failure);
                }
                caller.fail(failure);
            }
        }

        private boolean ends() {
            if (!over.compareAndSet(false, true)) {
                return false;
            }
            vertx.cancelTimer(timer);
            return true;
        }
    }
}
