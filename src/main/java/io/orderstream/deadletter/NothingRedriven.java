package io.orderstream.deadletter;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.arc.DefaultBean;

/** Stands in where nothing redrives letters. */
@ApplicationScoped
@DefaultBean
public class NothingRedriven implements RedrivenLetters {

    @Override
    public boolean contains(Letter letter) {
        return false;
    }
}
