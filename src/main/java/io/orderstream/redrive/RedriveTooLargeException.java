package io.orderstream.redrive;

import org.apache.kafka.common.errors.RecordTooLargeException;

/** Thrown if a job is larger than the topic of the jobs allows, which one with a long list of dead letters may be. */
public class RedriveTooLargeException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    RedriveTooLargeException(RecordTooLargeException refusal) {
        super("the job is too large to be stored, name fewer dead letters: " + refusal.getMessage(), refusal);
    }
}
