package io.orderstream.api;

/** What is asked for belongs to a pipeline that is switched off. */
class SwitchedOffException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private SwitchedOffException(String message) {
        super(message);
    }

    /** @param setting what would switch it on */
    static void check(boolean isOn, String setting) {
        if (!isOn) {
            throw new SwitchedOffException("this pipeline is switched off, " + setting + "=true switches it on");
        }
    }
}
