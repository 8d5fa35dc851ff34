package io.orderstream.settings;

/** A setting's value breaks its rule. The message is one sentence that names setting, rule and value. */
public final class InvalidSettingException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    public InvalidSettingException(String sentence) {
        super(sentence);
    }

    /** The sentence alone: this is what is printed when the start fails, and nobody is helped by a class name. */
    @Override
    public String toString() {
        return getMessage();
    }
}
