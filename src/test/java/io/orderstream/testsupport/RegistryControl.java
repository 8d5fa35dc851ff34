package io.orderstream.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

import io.orderstream.dev.EmbeddedRegistry;

/** A registry that a test can take away and bring back, on the same port and with the same content. */
public final class RegistryControl implements AutoCloseable {

    private final Path file;
    private EmbeddedRegistry registry;

    public RegistryControl(Path file) throws IOException {
        this.file = file;
        this.registry = new EmbeddedRegistry(0, file);
    }

    public String url() {
        return registry.url();
    }

    public void stop() {
        registry.close();
    }

    public void start() {
        try {
            registry = new EmbeddedRegistry(registry.port(), file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts one that has lost everything, at the same address. */
    public void startEmpty() {
        try {
            registry = new EmbeddedRegistry(registry.port(), null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        registry.close();
    }
}
