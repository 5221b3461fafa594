package dev.twoliter.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test that checks us against real programs of the host. Without them it is skipped with a reason; under
 * {@code -Dtwoliter.peers=required} their absence is a failure.
 */
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Tag("peer")
@ExtendWith(PeerCondition.class)
public @interface Peer {
    /** The programs that must be on the PATH. */
    String[] value();
}
