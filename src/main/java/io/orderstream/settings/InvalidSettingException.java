package io.orderstream.settings;

/** Thrown if the value of a setting is invalid. The message is one sentence that names setting, rule and value. */
public final class InvalidSettingException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    public InvalidSettingException(String sentence) {
        super(sentence);
    }

    /** Returns the message without the class name: Quarkus prints this text when the start fails. */
    @Override
    public String toString() {
        return getMessage();
    }
}
