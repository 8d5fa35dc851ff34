package io.orderstream.activity;

import io.orderstream.support.Labelled;

/** What has become of a record so far. */
public enum Fate implements Labelled {

    /** Its handler has succeeded. */
    PROCESSED,
    /** An attempt has failed, and another one follows. */
    RETRYING,
    /** Its dead letter is written. */
    DEAD_LETTERED
}
