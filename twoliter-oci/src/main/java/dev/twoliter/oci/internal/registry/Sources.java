package dev.twoliter.oci.internal.registry;

import dev.twoliter.oci.StoreEvent;
import dev.twoliter.oci.StoreListener;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** Where one thing can be got: from mirrors, and at last from the registry itself. Not thread-safe. */
final class Sources {

    private final Deque<Remote> mirrors = new ArrayDeque<>();
    private final Remote origin;
    private final StoreListener listener;

    Sources(List<Remote> mirrors, Remote origin, StoreListener listener) {
        mirrors.stream().filter(m -> m.server().distrust() == null).forEach(this.mirrors::add);
        this.origin = origin;
        this.listener = listener;
    }

    Remote origin() {
        return origin;
    }

    /** {@return the mirror to ask now; empty when it is the registry's turn} */
    Optional<Remote> mirror() {
        return Optional.ofNullable(mirrors.peek());
    }

    /** Goes on: a mirror need not have everything. */
    void lacksIt(Remote mirror) {
        mirrors.remove(mirror);
    }

    /** Goes on: a mirror has failed, and is not asked for anything any more. */
    void skip(Remote mirror, String because) {
        mirrors.remove(mirror);
        if (mirror.server().distrust() == null) {
            mirror.server().distrust(because);
            listener.onEvent(new StoreEvent.MirrorSkipped(mirror.server().host(), because));
        }
    }
}
