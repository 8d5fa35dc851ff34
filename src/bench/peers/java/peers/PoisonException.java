package peers;

/** No attempt at this order can ever succeed. */
public class PoisonException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    PoisonException(String message) {
        super(message);
    }
}
