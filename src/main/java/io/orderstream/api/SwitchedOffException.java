package io.orderstream.api;

/** Thrown if a request needs a pipeline that is switched off; mapped to status 404. */
class SwitchedOffException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private SwitchedOffException(String message) {
        super(message);
    }

    /** @param setting environment variable that enables the pipeline */
    static void check(boolean isOn, String setting) {
        if (!isOn) {
            throw new SwitchedOffException("this pipeline is switched off, " + setting + "=true switches it on");
        }
    }
}
