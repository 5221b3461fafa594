package dev.twoliter.core.internal.engine.container;

import dev.twoliter.core.internal.engine.spec.BuildRoom;
import java.util.List;

/** A dnf.conf that knows the given repositories and no other. */
final class DnfConfiguration {

    private static final int FIRST = 10;

    private DnfConfiguration() {}

    static String of(List<String> repositories, String packages, String kits) {
        StringBuilder text = new StringBuilder("""
                [main]
                reposdir=/twoliter/none
                varsdir=/twoliter/none
                cachedir=/tmp/twoliter-dnf
                gpgcheck=0
                install_weak_deps=1
                keepcache=0
                """);
        int priority = FIRST;
        for (String name : repositories) {
            String path = name.equals(BuildRoom.PACKAGES) ? packages : kits + name;
            text.append("\n[")
                    .append(name)
                    .append("]\nname=")
                    .append(name)
                    .append("\nbaseurl=file://")
                    .append(path)
                    .append("\npriority=")
                    .append(priority)
                    .append('\n');
            priority += FIRST;
        }
        return text.toString();
    }
}
